// SPDX-License-Identifier: Apache-2.0
// help, completion, manual: what the parser says of itself.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "suites/cli/tracking_commands.h"

namespace sslbench {

struct HelpOptions {
  std::vector<std::string> words;  // of the command that is asked about
  std::string shell, folder;
};
void add_help_commands(CLI::App& app, HelpOptions& options, const AddCommand& add);

}  // namespace sslbench
