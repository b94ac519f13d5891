// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace sslbench {

// What is wrong with the command line `words` that `app` refused: the unknown command or option with the nearest one,
// else CLI11's own sentence; then where to read on.
std::string explain_mistake(const CLI::App& app, const std::vector<std::string>& words, const std::string& refusal);

// Which argument is not UTF-8, or "": texts go into JSON files and onto terminals, which take nothing else.
std::string argument_mistake(int argc, const char* const* argv);

}  // namespace sslbench
