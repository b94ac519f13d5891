// SPDX-License-Identifier: Apache-2.0
// OUT/submit/<n>: what one call of `sslbench submit` handed to a scheduler. `list` names a RunSpec file a line;
// jobs.json says which jobs carry them out. People may read and edit all of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// Tasks [first, first + tasks) of a submission as one array, whose indices begin at 0.
struct SubmittedArray {
  std::string id;  // of the scheduler, digits
  int64_t first = 0, tasks = 0;
};

struct Submission {
  std::filesystem::path folder;
  std::string scheduler;               // as --to has it
  int64_t runs_per_task = 1;           // task i carries out the runs [i * runs_per_task, (i + 1) * runs_per_task)
  std::vector<std::string> runs;       // names, in the order of `list`
  std::vector<SubmittedArray> arrays;  // accepted so far
  std::string report;                  // the job that writes the report; "" = none

  int64_t tasks() const { return (static_cast<int64_t>(runs.size()) + runs_per_task - 1) / runs_per_task; }
};

// The folder of the next submission, made with a log/ inside. UserError when it cannot be.
std::filesystem::path new_submission_folder(const std::filesystem::path& out);

// Writes jobs.json. RunFailure(storage).
void write_jobs(const Submission& submission);

// All that OUT holds, in order. UserError naming a jobs.json that is none.
std::vector<Submission> read_submissions(const std::filesystem::path& out);

// The ids of all their arrays.
std::vector<std::string> array_ids(const std::vector<Submission>& submissions);

}  // namespace sslbench
