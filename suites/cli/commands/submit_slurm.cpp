// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/submit_slurm.h"

#include <algorithm>
#include <iostream>

#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/runner/programs.h"
#include "suites/runner/schedulers/array_script.h"
#include "suites/runner/schedulers/slurm.h"
#include "suites/runner/schedulers/slurm_arrays.h"

namespace sslbench {
namespace {

constexpr double kLeastLimit = 600;       // s: a node has to load the libraries and the data first
constexpr int64_t kLongestWarning = 120;  // s

// Twice what the longest task should take; "" where one of its runs was never measured.
std::string expected_limit(const Submission& submission, const std::map<std::string, double>& seconds) {
  double longest = 0, task = 0;
  for (size_t run = 0; run < submission.runs.size(); ++run) {
    const auto known = seconds.find(submission.runs[run]);
    if (known == seconds.end()) return "";
    if (run % static_cast<size_t>(submission.runs_per_task) == 0) task = 0;
    longest = std::max(longest, task += known->second);
  }
  return limit_text(std::max(kLeastLimit, 2 * longest));
}

ArrayScript script_of(const SubmitOptions& options, const SuiteRequest& request, const Submission& submission,
                      const std::string& time) {
  ArrayScript script{.suite = request.plan.suite,
                     .program = program_folder() / "sslbench",
                     .worker = worker_is_overridden() ? worker_program() : "",
                     .folder = submission.folder,
                     .threads = request.plan.threads,
                     .runs_per_task = submission.runs_per_task,
                     .time = time};
  if (!time.empty()) script.warning_seconds = std::clamp<int64_t>(*limit_seconds(time) / 3, 1, kLongestWarning);
  script.options = options.sbatch;
  return script;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += " " + word;
  return out;
}

std::string tasks_text(const SubmittedArray& array) {
  return "tasks " + std::to_string(array.first) + " to " + std::to_string(array.first + array.tasks - 1);
}

void submit_report(Submission& submission, const std::vector<std::string>& queued_jobs) {
  std::vector<std::string> arrays = queued_jobs;
  for (const SubmittedArray& array : submission.arrays) arrays.push_back(array.id);
  const SlurmAnswer answer = submit_batch(report_words(submission, arrays));
  if (answer.id.empty()) {
    print_warning("the job that writes the report was refused: " + answer.refusal);
    return;
  }
  submission.report = answer.id;
  write_jobs(submission);
  std::cout << "job " << answer.id << ": the report, when they have ended\n";
}

}  // namespace

void expect_slurm_options(const SubmitOptions& options) {
  if (!options.time.empty() && limit_seconds(options.time).value_or(0) <= 0) {
    throw UserError("--time: expected minutes, hours:minutes:seconds or days-hours, got '" + options.time + "'");
  }
  for (const std::string& line : options.sbatch) {
    if (line.starts_with('-') && line.find('\n') == std::string::npos) continue;
    throw UserError("--sbatch: expected an option of sbatch such as --partition=gpu, got '" + line + "'");
  }
  if (!options.dry && !has_slurm()) {
    throw UserError("sbatch is not on the PATH; submit where the cluster takes jobs, or write the files with --dry");
  }
}

void write_slurm_files(const SubmitOptions& options, const SuiteRequest& request, const Submission& submission,
                       const ExpectedRuns& runs) {
  const bool asked = !options.time.empty();
  const std::string time = asked ? options.time : expected_limit(submission, runs.seconds);
  if (time.empty()) std::cerr << "not measured on this machine: tasks get the partition's time limit (--time)\n";
  ArrayScript script = script_of(options, request, submission, time);
  script.ranks = runs.ranks;
  write_atomically(submission.folder / "array.sbatch", array_script(script));
  if (!asked) script.time.clear();
  write_atomically(submission.folder / "report.sbatch", report_script(script, request.out));
}

ExitCode submit_to_slurm(const SubmitOptions& options, Submission& submission,
                         const std::vector<std::string>& queued_jobs) {
  const ArrayRules rules{most_array_tasks(), options.at_once};
  if (options.dry) {
    const int64_t tasks = std::min(rules.most_tasks, submission.tasks());
    std::cout << "nothing was submitted; to begin: sbatch" << joined(array_words(submission, rules, tasks))
              << "\nwhen it has ended: sbatch " << (submission.folder / "report.sbatch").string()
              << "\n`status` and `submit` do not know of jobs that are begun by hand\n";
    return ExitCode::done;
  }
  const std::string refusal = submit_arrays(submission, rules);
  for (const SubmittedArray& array : submission.arrays)
    std::cout << "job " << array.id << ": " << tasks_text(array) << "\n";
  if (submission.arrays.empty()) throw UserError("sbatch refused: " + refusal);
  submit_report(submission, queued_jobs);
  if (refusal.empty()) return ExitCode::done;
  const SubmittedArray& last = submission.arrays.back();
  std::cerr << last.first + last.tasks << " of " << submission.tasks() << " tasks were accepted, then: " << refusal
            << "\nthe same command later adds the rest\n";
  return ExitCode::interrupted;
}

}  // namespace sslbench
