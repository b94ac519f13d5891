// SPDX-License-Identifier: Apache-2.0
// What a shell offers after Tab. The scripts ask `sslbench complete -- WORD ...`, so that they never fall behind.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace sslbench {

// What may stand in the place of the last of `words` (those after the program's name; the last one may be begun or
// empty). Empty where a file is meant, or nothing is known. Throws nothing: what cannot be read offers nothing.
std::vector<std::string> completions(const CLI::App& app, const std::vector<std::string>& words);

// The script of bash, zsh or fish that makes use of it; UserError for another shell.
std::string completion_script(const std::string& shell);

}  // namespace sslbench
