// SPDX-License-Identifier: Apache-2.0
// The batch scripts that `sslbench submit --to slurm` writes: for people to read and edit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

struct ArrayScript {
  std::string suite;
  std::filesystem::path program;  // sslbench
  std::filesystem::path worker;   // "" = the one beside it
  std::filesystem::path folder;   // OUT/submit/<n>
  int threads = 1;                // of each run
  int ranks = 1;                  // processes of each run
  int64_t runs_per_task = 1;
  std::string time;                  // limit of a task; "" = the partition's
  int64_t warning_seconds = 120;     // before the limit, in which a run saves
  std::vector<std::string> options;  // lines of #SBATCH
};

// Takes one argument: the tasks of `list` that come before this array's.
std::string array_script(const ArrayScript& script);

// Writes the report of `out`.
std::string report_script(const ArrayScript& script, const std::filesystem::path& out);

}  // namespace sslbench
