// SPDX-License-Identifier: Apache-2.0
// From a submission to jobs: arrays as long as Slurm takes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "suites/runner/schedulers/submission.h"

namespace sslbench {

struct ArrayRules {
  int64_t most_tasks = 0;  // of one array
  int64_t at_once = 0;     // tasks of all arrays at a time; 0 = as many as there is room for
};

// The words of sbatch for the next array of at most `tasks` tasks. Where tasks at a time are limited, arrays come one
// after the other.
std::vector<std::string> array_words(const Submission& submission, const ArrayRules& rules, int64_t tasks);

// Submits what is not yet, shortening arrays that a limit on jobs refuses, and writes each array's id before it asks
// for the next. Returns "" or why the rest was refused.
std::string submit_arrays(Submission& submission, const ArrayRules& rules);

// The words of sbatch for the report: when all of these arrays have ended, however.
std::vector<std::string> report_words(const Submission& submission, const std::vector<std::string>& arrays);

}  // namespace sslbench
