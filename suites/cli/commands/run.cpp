// SPDX-License-Identifier: Apache-2.0
// sslbench run SUITE: starts a suite or goes on with it.
#include <iostream>
#include <set>
#include <sstream>

#include "reports/page/report_folder.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/carry_out_request.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/memory_room.h"
#include "suites/cli/commands/result_table.h"
#include "suites/cli/commands/runs_to_do.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/files/abandoned_files.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/meeting.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/estimate.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"
#include "suites/runner/run_queue.h"
#include "suites/runner/run_survey.h"
#include "suites/runner/worker_check.h"

namespace sslbench {
namespace {

constexpr auto kOldWorkerWait = std::chrono::seconds(10);

// What is known of these runs, as the queue asks for it.
void add_expectations(const std::vector<RunSpec>& runs, const StageCosts& costs, QueueOptions& options) {
  std::map<std::string, StageSeconds> known;
  for (const RunSpec& run : runs) {
    RunEstimate estimate = costs.estimate(run);
    if (estimate.device_bytes > 0) options.device_bytes[run.name()] = estimate.device_bytes + kDeviceContextBytes;
    known[run.name()] = std::move(estimate.stages);
  }
  options.expected = ExpectedTimes(std::move(known));
}

// Runs with a record of another changed tree.
std::set<std::string> discounted_runs(const Survey& survey) {
  std::set<std::string> out;
  for (const SurveyedRun& each : survey.runs) {
    if (!each.final && !each.origin.empty()) out.insert(each.run.name());
  }
  return out;
}

std::vector<RunResult> carry_out(const SuiteRequest& request, const RunOptions& options, const Survey& survey,
                                 const StageCosts& costs, std::vector<RunSpec> todo) {
  if (todo.empty()) return {};
  QueueOptions queue_options{.worker = worker_program(),
                             .jobs = request.plan.jobs,
                             .stall_limit = std::chrono::seconds(options.stall_timeout),
                             .keep_work = options.keep_work,
                             .done_before = request.selected.size() - todo.size(),
                             .discounted = discounted_runs(survey),
                             .devices = request.devices};
  add_expectations(todo, costs, queue_options);
  todo = longest_first(std::move(todo), queue_options.expected, request.catalog);
  ProgressView view(stderr, stderr_is_live(), colours_wanted());
  RunLog log(request.out / "run.log");
  const std::string what = counted(todo.size(), "run") + " with " + how_text(request);
  log.info("build " + request.plan.runs.at(0).build + ": " + what);
  std::istringstream lines(training_lines(todo, request.catalog));
  for (std::string line; std::getline(lines, line);) log.info(line), view.note(line);
  view.note("suite " + request.plan.suite + ": " + what + "; results in " + request.out.string());
  auto results = RunQueue(std::move(queue_options), request.catalog, view, log).carry_out(std::move(todo));
  keep_costs_of(request.out, request.catalog);
  return results;
}

ExitCode judge(const std::vector<RunResult>& results) {
  ExitCode worst = ExitCode::done;
  for (const RunResult& result : results) {
    switch (result.state) {
      case RunResult::State::finished: break;
      case RunResult::State::failed: worst = strongest({worst, ExitCode::runs_failed}); break;
      case RunResult::State::interrupted:
      case RunResult::State::not_started: worst = strongest({worst, ExitCode::interrupted}); break;
    }
  }
  return worst;
}

// A report that cannot be written (disk full) loses no record: it is said, and the runs decide the exit code.
SuiteEnding report(const SuiteRequest& request) {
  const Sameness sameness(request.catalog);
  SuiteEnding out{ExitCode::done, result_table(request.plan, sameness)};
  try {
    const ReportChoice choice{{}, published_file(), sameness, declared_metrics(request.catalog)};
    out.text += "report: " + report_folder({request.out}, "", choice).report.string() + "\n";
    return out;
  } catch (const RunFailure& failure) {
    std::cerr << "error: the report could not be written: " << failure.what() << "\n";
  } catch (const std::bad_alloc&) {
    std::cerr << "error: the report could not be written: out of memory\n";
  }
  out.code = ExitCode::runs_failed;
  return out;
}

}  // namespace

SuiteEnding carry_out_request(const SuiteRequest& request, const RunOptions& options) {
  check_runs(request.plan.runs, request.places);
  const OutputFolder folder(request.out, request.plan.suite);
  folder.write_plan(request.plan);
  folder.wait_for_old_workers(request.selected, kOldWorkerWait);
  remove_abandoned(request.out, {"plan.json"});
  remove_abandoned(request.out / "runs", names_of(request.selected));
  const Survey survey = survey_runs(request.selected, request.out, options.again);
  std::vector<RunSpec> todo = runs_to_do(survey);
  const StageCosts costs = costs_measured_beside(request.out, request.catalog);
  expect_room(todo, costs, request.plan.jobs, memory_room(request), request.places);
  folder.clear_work(options.again ? todo : dropped_work(todo));
  const ExitCode ended = judge(carry_out(request, options, survey, costs, std::move(todo)));
  if (ended == ExitCode::interrupted) {
    std::cerr << (options.again ? "interrupted; --again starts anew, and without it the runs that have no final record "
                                  "go on\n"
                                : "interrupted; run the same command to go on\n");
    return {ended, ""};
  }
  SuiteEnding out = report(request);
  out.code = strongest({ended, out.code});
  return out;
}

SuiteEnding carry_out_suite(const RunOptions& options) {
  if (const Meeting meeting = meeting_from_environment(); meeting.size > 1) {
    throw UserError(meeting.launcher + " started " + std::to_string(meeting.size) +
                    " processes, and a suite is carried out by one: let it start `sslbench run --spec FILE` (`sslbench "
                    "submit --to list` writes the files), or use --ranks here");
  }
  return carry_out_request(request_from(options.suite), options);
}

ExitCode run_suite(const RunOptions& options) {
  const SuiteEnding ending = carry_out_suite(options);
  std::cout << ending.text;
  return ending.code;
}

}  // namespace sslbench
