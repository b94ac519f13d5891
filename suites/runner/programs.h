// SPDX-License-Identifier: Apache-2.0
// Where the programs and the suite files lie.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// The folder of the running program (by /proc/self/exe).
std::filesystem::path program_folder();

// The worker: SSLBENCH_WORKER when set, else `sslbench-worker` beside this program. UserError when there is none.
std::filesystem::path worker_program();
// Whether SSLBENCH_WORKER chose it.
bool worker_is_overridden();

// The program of that name on the PATH; "" when there is none.
std::filesystem::path program_on_path(const std::string& name);

// Folders with suite files, searched in this order: <prefix>/share/sslbench/suites, the source tree's suites/ of a
// build folder, ./suites. Only those that exist.
std::vector<std::filesystem::path> suite_folders();

// What others published (published.csv), beside the suites of the installation or in the source tree's reports/; ""
// when there is none.
std::filesystem::path published_file();

// `name` as a path, else a suite of that name (with or without .toml) in suite_folders(); UserError naming the nearest.
std::filesystem::path find_suite(const std::string& name);

// Suite files of all folders by name; the first folder wins.
std::vector<std::filesystem::path> known_suites();

// Cores that this process may use.
int usable_cores();

}  // namespace sslbench
