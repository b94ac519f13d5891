// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/slurm_arrays.h"

#include <algorithm>

#include "suites/runner/schedulers/slurm.h"

namespace sslbench {
namespace {

int64_t submitted_tasks(const Submission& submission) {
  return submission.arrays.empty() ? 0 : submission.arrays.back().first + submission.arrays.back().tasks;
}

}  // namespace

std::vector<std::string> array_words(const Submission& submission, const ArrayRules& rules, int64_t tasks) {
  std::string range = "--array=0-" + std::to_string(tasks - 1);
  if (rules.at_once > 0) range += "%" + std::to_string(rules.at_once);
  std::vector<std::string> words{range};
  if (rules.at_once > 0 && !submission.arrays.empty()) {
    words.push_back("--dependency=afterany:" + submission.arrays.back().id);
  }
  words.push_back((submission.folder / "array.sbatch").string());
  words.push_back(std::to_string(submitted_tasks(submission)));
  return words;
}

std::string submit_arrays(Submission& submission, const ArrayRules& rules) {
  int64_t most = rules.most_tasks;
  while (submitted_tasks(submission) < submission.tasks()) {
    const int64_t first = submitted_tasks(submission);
    const int64_t tasks = std::min(most, submission.tasks() - first);
    const SlurmAnswer answer = submit_batch(array_words(submission, rules, tasks));
    if (!answer.id.empty()) {
      submission.arrays.push_back({answer.id, first, tasks});
      write_jobs(submission);
    } else if (answer.too_many && tasks > 1) {
      most = tasks / 2;
    } else {
      return answer.refusal;
    }
  }
  return "";
}

std::vector<std::string> report_words(const Submission& submission, const std::vector<std::string>& arrays) {
  std::string after = "--dependency=afterany";
  for (const std::string& id : arrays) after += ":" + id;
  return {after, (submission.folder / "report.sbatch").string()};
}

}  // namespace sslbench
