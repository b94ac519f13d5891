// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/cli/tracking_commands.h"

namespace sslbench {

// data and its commands; `data` outlives the parser.
void add_data_commands(CLI::App& app, DataOptions& data, const AddCommand& add);

}  // namespace sslbench
