// SPDX-License-Identifier: Apache-2.0
// sslbench plan SUITE: checks everything, prints what `run` would do and what it would cost.
#include <unistd.h>

#include <iostream>
#include <sstream>
#include <system_error>
#include <utility>

#include "reports/text/json_text.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/memory_room.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/runner/calibrate_unknown.h"
#include "suites/runner/progress/progress_view.h"
#include "suites/runner/run_survey.h"
#include "suites/runner/wall_time.h"
#include "suites/runner/worker_check.h"

namespace sslbench {
namespace {

using nlohmann::json;

struct CostedRun {
  SurveyedRun survey;
  RunEstimate estimate;
};

// Those that are left to do.
std::vector<RunSpec> unfinished(const Survey& survey) {
  std::vector<RunSpec> out;
  for (const SurveyedRun& each : survey.runs) {
    if (!each.final) out.push_back(each.run);
  }
  return out;
}

StageCosts known_costs(const SuiteRequest& request, const Survey& survey, bool calibrate) {
  StageCosts costs = costs_measured_beside(request.out, request.catalog);
  if (calibrate) {
    const auto failed = calibrate_unknown(unfinished(survey), costs, [](const RunSpec& run, size_t k, size_t of) {
      std::cerr << "a few steps of " << run.row << " (" << k << " of " << of << ") tell what was never measured here\n";
    });
    for (const std::string& line : failed) print_warning(line);
  }
  return costs;
}

std::vector<CostedRun> costed_runs(const Survey& survey, const StageCosts& costs) {
  std::vector<CostedRun> out;
  for (const SurveyedRun& run : survey.runs) out.push_back({run, costs.estimate(run.run)});
  return out;
}

std::string todo_text(const SurveyedRun& survey) {
  if (survey.final) return "done (" + survey.status + ")";
  std::string out = survey.status.empty() ? "to do" : "again: " + survey.status;
  if (!survey.run.reuse.empty()) out += ", " + std::to_string(survey.run.reuse.size()) + " stages taken over";
  return out;
}

// "measured", or how else it is known; "" when nothing is.
std::string source_text(const RunEstimate& estimate) {
  if (estimate.stages.empty() && !estimate.whole()) return "";
  return estimate.records > 0 ? std::to_string(estimate.records) + " measured" : "foretold";
}

std::string time_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  const std::string source = source_text(run.estimate);
  if (source.empty()) return "not measured";
  return (run.estimate.whole() ? "" : "at least ") + duration_text(run.estimate.seconds()) + " (" + source + ")";
}

std::string memory_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  return run.estimate.process_bytes > 0 ? bytes_text(static_cast<double>(run.estimate.process_bytes)) : "not measured";
}

std::string disk_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  return run.estimate.disk_bytes > 0 ? bytes_text(static_cast<double>(run.estimate.disk_bytes)) : "not measured";
}

json as_json(const CostedRun& run) {
  const RunEstimate& estimate = run.estimate;
  json out = {
      {"run", run.survey.run.name()}, {"final", run.survey.final},        {"status", run.survey.status},
      {"origin", run.survey.origin},  {"reuse", run.survey.run.reuse},    {"attempt", run.survey.run.attempt},
      {"seconds", nullptr},           {"peak_memory_bytes", nullptr},     {"source", "not measured"},
      {"stages", estimate.stages},    {"not_measured", estimate.unknown}, {"spec", run_spec_to_json(run.survey.run)}};
  if (run.survey.final || !estimate.whole()) return out;
  out["seconds"] = estimate.seconds();
  out["peak_memory_bytes"] = estimate.process_bytes;
  out["disk_bytes"] = estimate.disk_bytes;
  out["source"] = estimate.records > 0 ? "measured" : "foretold";
  return out;
}

// Free bytes where OUT is or would be; 0 when not known.
uintmax_t free_bytes(std::filesystem::path out) {
  std::error_code error;
  out = std::filesystem::absolute(out);
  while (!std::filesystem::exists(out, error) && out.has_relative_path()) out = out.parent_path();
  const auto space = std::filesystem::space(out, error);
  return error ? 0 : space.available;
}

std::string total_text(const SuiteRequest& request, const std::vector<CostedRun>& runs) {
  std::ostringstream out;
  std::vector<double> seconds;
  size_t unknown = 0;
  int64_t disk = 0;
  for (const CostedRun& run : runs) {
    if (run.survey.final) continue;
    seconds.push_back(run.estimate.seconds());
    unknown += run.estimate.whole() ? 0 : 1;
    disk += run.estimate.disk_bytes;
  }
  const double sum = wall_time(seconds, request.plan.jobs);
  out << counted(runs.size(), "run") << ", ";
  if (seconds.empty()) {
    out << "none to do";
  } else {
    out << seconds.size() << " to do with " << how_text(request) << "; ";
    if (sum > 0 || unknown == 0) out << (unknown > 0 ? "at least " : "about ") << duration_text(sum);
    if (unknown > 0) out << (sum > 0 ? ", with " : "") << unknown << " not measured on this machine";
  }
  out << "\nresults: " << request.out.string() << " (";
  if (disk > 0) out << "about " << bytes_text(static_cast<double>(disk)) << " of ";
  out << bytes_text(static_cast<double>(free_bytes(request.out))) << " free)\n";
  return out.str();
}

void print_text(const SuiteRequest& request, const std::vector<CostedRun>& runs) {
  const size_t width = width_at(STDOUT_FILENO);
  TextTable table({"run", "state", "time", "peak memory", "disk"});
  for (const CostedRun& run : runs) {
    table.add({run.survey.run.name(), todo_text(run.survey), time_text(run), memory_text(run), disk_text(run)});
  }
  std::cout << fitted("suite " + request.plan.suite + ": " + request.plan.question + "\n\n", width)
            << table.plain(width) << "\n"
            << fitted(training_lines(request.selected, request.catalog) + "\n" + total_text(request, runs), width);
}

// Run by run: all as one value would take a hundred kilobytes each.
void print_json(const SuiteRequest& request, const std::vector<CostedRun>& runs) {
  JsonObjectText out(1, [](std::string_view text) { std::cout << text; });
  const JsonObjectText place(2);
  out.add("free_bytes", free_bytes(request.out));
  out.add("jobs", request.plan.jobs);
  out.add("out", request.out.string());
  out.add("question", request.plan.question);
  out.begin("runs");
  const char* before = "[\n  ";
  for (const CostedRun& run : runs) out.put(std::exchange(before, ",\n  ") + place.text_of(as_json(run)));
  out.put(runs.empty() ? "[]" : "\n ]");
  out.add("schema", "sslbench.planned/1");
  out.add("suite", request.plan.suite);
  out.add("threads", request.plan.threads);
  out.end();
  std::cout << "\n";
}

}  // namespace

ExitCode plan_suite(const PlanOptions& options) {
  const SuiteRequest request = request_from(options.suite);
  check_runs(request.plan.runs, request.places);
  const Survey survey = survey_runs(request.selected, request.out, false);
  for (const std::string& warning : survey.warnings) print_warning(warning);
  for (const std::string& origin : survey.origins()) std::cerr << origin << "\n";
  for (const BegunByOther& begun : begun_by_others(unfinished(survey))) std::cerr << begun.text() << "\n";
  const StageCosts costs = known_costs(request, survey, !options.no_calibrate);
  const std::vector<CostedRun> runs = costed_runs(survey, costs);
  options.json ? print_json(request, runs) : print_text(request, runs);
  std::cout.flush();
  if (!options.no_calibrate)
    expect_room(unfinished(survey), costs, request.plan.jobs, memory_room(request), request.places);
  return ExitCode::done;
}

}  // namespace sslbench
