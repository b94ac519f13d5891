// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "suites/cli/commands/commands.h"

namespace sslbench {

// What `submit` takes beside a suite and the options that choose its runs.
void add_submit_options(CLI::App* command, SubmitOptions& options);

}  // namespace sslbench
