// SPDX-License-Identifier: Apache-2.0
// sslbench submit SUITE: hands the runs that are left to a scheduler, and returns. What it handed over lies in
// OUT/submit/<n>; the records stay the truth.
#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/runs_to_do.h"
#include "suites/cli/commands/submit_slurm.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/abandoned_files.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/handover/work_files.h"
#include "suites/runner/device_choice.h"
#include "suites/runner/estimate.h"
#include "suites/runner/one_run.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/run_queue.h"
#include "suites/runner/run_survey.h"
#include "suites/runner/schedulers/kubernetes_job.h"
#include "suites/runner/schedulers/planned_specs.h"
#include "suites/runner/schedulers/slurm.h"
#include "suites/runner/worker_check.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr auto kQueueLimit = std::chrono::seconds(60);
constexpr const char* kKubernetes = "kubernetes";
constexpr const char* kSlurm = "slurm";

void expect_fitting(const SubmitOptions& options) {
  const bool slurm = options.to == kSlurm, kubernetes = options.to == kKubernetes;
  const auto only_for = [&](const char* option, bool given, bool fits, const char* whose) {
    if (given && !fits) throw UserError(std::string(option) + " is for --to " + whose + "; leave it out");
  };
  only_for("--sbatch", !options.sbatch.empty(), slurm, kSlurm);
  only_for("--time", !options.time.empty(), slurm, kSlurm);
  only_for("--image", !options.image.empty(), kubernetes, kKubernetes);
  if (kubernetes && options.image.empty())
    throw UserError("--to kubernetes needs --image: where sslbench is installed");
  if (kubernetes && !options.dry) {
    throw UserError(
        "--to kubernetes writes the job and applies nothing: add --dry, look at what it wrote, then "
        "`kubectl apply -f OUT/submit/<n>/job.yaml`");
  }
  if (slurm) expect_slurm_options(options);
}

// The nodes' devices are not this machine's: a GPU is asked for by name, and looked for where the run starts.
std::string device_of_tasks(const std::string& asked) {
  const std::optional<std::string> gpu = named_gpu(asked);
  return gpu ? *gpu : choose_device(asked);
}

bool asks_for_gpu(const std::string& line) { return line.find("gpu") != std::string::npos; }

SuiteRequest request_of(const SubmitOptions& options) {
  SuiteOptions suite = options.suite;
  const std::string device = device_of_tasks(suite.device);
  if (device == "cpu" && std::ranges::any_of(options.sbatch, asks_for_gpu)) {
    print_warning("the tasks ask for a GPU, and the runs are planned for the CPU; say --device cuda");
  }
  if (device.starts_with("cuda")) suite.device = "cpu";
  SuiteRequest request = request_from(suite);
  request.out = fs::absolute(request.out).lexically_normal();
  const auto settle = [&](RunSpec& run) {
    run.device = device;
    run.out = request.out;
    run.data_root = fs::absolute(run.data_root).lexically_normal();
  };
  std::ranges::for_each(request.plan.runs, settle);
  std::ranges::for_each(request.selected, settle);
  if (request.out.string().find('\n') != std::string::npos) {
    throw UserError("the results folder's path holds a line end, and a list of files cannot; name another with -o");
  }
  return request;
}

struct Queue {
  QueueStates states;
  std::vector<std::string> jobs;  // that are still in it
};

Queue look_at_queue(const SuiteRequest& request) {
  const std::vector<Submission> earlier = read_submissions(request.out);
  const std::vector<QueuedTask> tasks = ask_queue(array_ids(earlier), kQueueLimit);
  Queue out{queue_states(earlier, tasks), {}};
  for (const QueuedTask& task : tasks) {
    if (std::ranges::find(out.jobs, task.job) == out.jobs.end()) out.jobs.push_back(task.job);
  }
  return out;
}

// Neither final, nor in the queue, nor carried out by somebody.
std::vector<RunSpec> runs_to_submit(const Survey& survey, const QueueStates& queue) {
  std::vector<RunSpec> todo;
  size_t queued = 0, at_work = 0;
  for (RunSpec& run : runs_to_do(survey)) {
    if (queue.queued.contains(run.name())) {
      ++queued;
    } else if (is_carried_out(run)) {
      ++at_work;
    } else {
      todo.push_back(std::move(run));
    }
  }
  if (queued > 0) std::cerr << queued << " runs are in the queue already\n";
  if (at_work > 0) std::cerr << at_work << " runs are at work outside of the queue\n";
  return todo;
}

// A run that a worker was started for; the RunSpec of others is what an earlier `submit` wrote.
std::vector<RunSpec> begun_runs(const std::vector<RunSpec>& runs) {
  std::vector<RunSpec> out;
  std::error_code none;
  std::ranges::copy_if(runs, std::back_inserter(out),
                       [&](const RunSpec& run) { return fs::exists(log_file(run), none); });
  return out;
}

void write_kubernetes_file(const SubmitOptions& options, const SuiteRequest& request, const Submission& submission,
                           const RunSpec& run) {
  const fs::path file = submission.folder / "job.yaml";
  write_atomically(file, kubernetes_job({.suite = request.plan.suite,
                                         .image = options.image,
                                         .out = request.out,
                                         .data_root = run.data_root,
                                         .list = submission.folder / "list",
                                         .tasks = submission.tasks(),
                                         .runs_per_task = submission.runs_per_task,
                                         .at_once = options.at_once,
                                         .threads = request.plan.threads,
                                         .ranks = run.ranks,
                                         .gpu = run.device.starts_with("cuda")}));
  std::cout << "nothing was applied; put your claims in place, then: kubectl apply -f " << file.string()
            << "\nwhen it has ended: sslbench report " << request.out.string() << "\n";
}

ExitCode hand_over(const SubmitOptions& options, const SuiteRequest& request, std::vector<RunSpec> todo,
                   const Queue& queue) {
  std::map<std::string, double> seconds;  // by run name
  std::map<std::string, StageSeconds> stages;
  for (auto& [run, measured] : estimates_of(todo, costs_measured_beside(request.out, request.catalog))) {
    seconds[run] = measured.seconds();
    stages[run] = std::move(measured.stages);
  }
  todo = longest_first(std::move(todo), ExpectedTimes(std::move(stages)), request.catalog);
  write_planned_specs(todo);
  Submission submission{
      .folder = new_submission_folder(request.out), .scheduler = options.to, .runs_per_task = options.per_task};
  for (const RunSpec& run : todo) submission.runs.push_back(run.name());
  write_list(todo, submission.folder / "list");
  std::cout << counted(todo.size(), "run") << " in " << counted(submission.tasks(), "task") << " on "
            << todo.at(0).device << ": " << submission.folder.string() << "\n";
  if (options.to == kKubernetes) write_kubernetes_file(options, request, submission, todo.at(0));
  if (options.to == kSlurm) write_slurm_files(options, request, submission, {todo.at(0).ranks, seconds});
  write_jobs(submission);
  return options.to == kSlurm ? submit_to_slurm(options, submission, queue.jobs) : ExitCode::done;
}

}  // namespace

ExitCode submit_suite(const SubmitOptions& options) {
  expect_fitting(options);
  SuiteRequest request = request_of(options);
  check_runs(request.plan.runs, request.places);
  const OutputFolder folder(request.out, request.plan.suite);
  folder.write_plan(request.plan);
  remove_abandoned(request.out, {"plan.json"});
  const std::set<std::string> planned = names_of(request.plan.runs);
  request.plan.runs.clear();  // thousands of them are large
  const Queue queue = look_at_queue(request);
  if (const std::string text = unplanned_tasks_text(queue.states, planned); !text.empty()) print_warning(text);
  const std::vector<RunSpec> selected = std::exchange(request.selected, {});
  std::vector<RunSpec> todo = runs_to_submit(survey_runs(selected, request.out, false), queue.states);
  if (todo.empty()) {
    std::cout << "nothing to submit\n";
    return ExitCode::done;
  }
  folder.clear_work(dropped_work(begun_runs(todo)));
  const ExitCode code = hand_over(options, request, std::move(todo), queue);
  std::cout << "how far they are: sslbench status " << request.out.string() << "\n";
  return code;
}

}  // namespace sslbench
