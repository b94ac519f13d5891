// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/suite_request.h"

namespace sslbench {

// Checks the runs of the plan, writes it, carries out those that are selected and not done, and writes the report.
SuiteEnding carry_out_request(const SuiteRequest& request, const RunOptions& options);

}  // namespace sslbench
