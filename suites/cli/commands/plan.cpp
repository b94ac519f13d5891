// SPDX-License-Identifier: Apache-2.0
// sslbench plan SUITE: checks everything, prints what `run` would do and what it would cost.
#include <algorithm>
#include <iostream>
#include <map>
#include <system_error>
#include <utility>

#include "reports/text/json_text.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/runner/estimate.h"
#include "suites/runner/progress_view.h"
#include "suites/runner/run_survey.h"
#include "suites/runner/wall_time.h"
#include "suites/runner/worker_check.h"

namespace sslbench {
namespace {

using nlohmann::json;

struct CostedRun {
  SurveyedRun survey;
  std::optional<RunEstimate> estimate;
  std::optional<Calibration> calibration;  // of pretraining, or of features, and of fine-tuning
  bool trains = true;

  std::string calibrated_part() const {
    if (calibration->step_seconds == 0) return "fine-tuning";
    return std::string(trains ? "pretraining" : "features") +
           (calibration->protocol_seconds > 0 ? " and fine-tuning" : "");
  }
};

// Whether a stage of a run is still to be done; that of a row that trains nothing is none.
bool is_to_do(const SurveyedRun& survey, bool trains) {
  if (survey.final) return false;
  const RunSpec& run = survey.run;
  if (trains && !run.reuse.contains("pretrain")) return true;
  return std::ranges::any_of(run.protocols, [&](const auto& each) { return !run.reuse.contains(each.row); });
}

// Of what its cost is to be found out: seeds of a row are alike, but not all of their stages may be left to do.
std::string left_to_do(const RunSpec& run) {
  std::string out = run.id;
  for (const auto& [stage, record] : run.reuse) out += " " + stage;
  return out;
}

std::vector<CostedRun> costed_runs(const SuiteRequest& request, const Survey& survey, bool calibrate) {
  const StageCosts costs = costs_measured_beside(request.out, request.catalog);
  std::map<std::string, Calibration> by_id;
  std::vector<CostedRun> out;
  for (const SurveyedRun& run : survey.runs) {
    const bool trains = request.catalog.find("method", run.run.method).facts.value("trains", true);
    CostedRun planned{run, costs.estimate(run.run), std::nullopt, trains};
    if (calibrate && is_to_do(run, trains)) {
      auto known = by_id.find(left_to_do(run.run));
      if (known == by_id.end()) known = by_id.emplace(left_to_do(run.run), calibrate_run(run.run)).first;
      // Too slow for two steps in the worker's time limit, or imported features: nothing is known.
      if (known->second.seconds() > 0) planned.calibration = known->second;
    }
    out.push_back(std::move(planned));
  }
  return out;
}

std::string todo_text(const SurveyedRun& survey) {
  if (survey.final) return "done (" + survey.status + ")";
  std::string out = survey.status.empty() ? "to do" : "again: " + survey.status;
  if (!survey.run.reuse.empty()) out += ", " + std::to_string(survey.run.reuse.size()) + " stages taken over";
  return out;
}

std::string time_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  if (run.estimate)
    return duration_text(run.estimate->seconds) + " (" + std::to_string(run.estimate->records) + " measured)";
  if (!run.calibration) return "not measured";
  return duration_text(run.calibration->seconds()) + " " + run.calibrated_part() + " (calibrated)";
}

std::string memory_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  if (run.estimate) return bytes_text(static_cast<double>(run.estimate->process_bytes));
  return run.calibration ? bytes_text(static_cast<double>(run.calibration->peak_memory_bytes)) + " (calibrated)"
                         : "not measured";
}

std::string disk_text(const CostedRun& run) {
  if (run.survey.final) return "-";
  return run.estimate && run.estimate->disk_bytes > 0 ? bytes_text(static_cast<double>(run.estimate->disk_bytes))
                                                      : "not measured";
}

json as_json(const CostedRun& run) {
  json out = {{"run", run.survey.run.name()},
              {"final", run.survey.final},
              {"status", run.survey.status},
              {"origin", run.survey.origin},
              {"reuse", run.survey.run.reuse},
              {"attempt", run.survey.run.attempt},
              {"seconds", nullptr},
              {"peak_memory_bytes", nullptr},
              {"source", "not measured"},
              {"spec", run_spec_to_json(run.survey.run)}};
  if (run.estimate) {
    out["seconds"] = run.estimate->seconds;
    out["peak_memory_bytes"] = run.estimate->process_bytes;
    out["disk_bytes"] = run.estimate->disk_bytes;
    out["source"] = "measured";
  } else if (run.calibration) {
    out["seconds"] = run.calibration->seconds();
    out["peak_memory_bytes"] = run.calibration->peak_memory_bytes;
    out["source"] = "calibrated: " + run.calibrated_part() + " only";
  }
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

void print_total(const SuiteRequest& request, const std::vector<CostedRun>& runs) {
  std::vector<double> seconds;
  size_t todo = 0, unknown = 0;
  for (const CostedRun& run : runs) {
    if (run.survey.final) continue;
    ++todo;
    if (run.estimate) seconds.push_back(run.estimate->seconds);
    unknown += run.estimate ? 0 : 1;
  }
  std::cout << runs.size() << " runs, " << todo << " to do with " << how_text(request) << "; ";
  if (unknown < todo || todo == 0) std::cout << "about " << duration_text(wall_time(seconds, request.plan.jobs));
  if (unknown < todo && unknown > 0) std::cout << " and ";
  if (unknown > 0) std::cout << unknown << " not measured on this machine";
  std::cout << "\nresults: " << request.out.string() << " (" << bytes_text(static_cast<double>(free_bytes(request.out)))
            << " free)\n";
}

void print_text(const SuiteRequest& request, const std::vector<CostedRun>& runs) {
  std::cout << "suite " << request.plan.suite << ": " << request.plan.question << "\n\n";
  TextTable table({"run", "state", "time", "peak memory", "disk"});
  for (const CostedRun& run : runs) {
    table.add({run.survey.run.name(), todo_text(run.survey), time_text(run), memory_text(run), disk_text(run)});
  }
  std::cout << table.plain() << "\n" << training_lines(request.selected, request.catalog) << "\n";
  print_total(request, runs);
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

std::vector<RunSpec> unfinished(const Survey& survey) {
  std::vector<RunSpec> out;
  for (const SurveyedRun& each : survey.runs) {
    if (!each.final) out.push_back(each.run);
  }
  return out;
}

}  // namespace

ExitCode plan_suite(const PlanOptions& options) {
  const SuiteRequest request = request_from(options.suite);
  check_runs(request.plan.runs);
  const Survey survey = survey_runs(request.selected, request.out, false);
  for (const std::string& warning : survey.warnings) print_warning(warning);
  for (const SurveyedRun& run : survey.runs) {
    if (!run.origin.empty()) std::cerr << run.origin << "\n";
  }
  for (const BegunByOther& begun : begun_by_others(unfinished(survey))) std::cerr << begun.text() << "\n";
  const std::vector<CostedRun> runs = costed_runs(request, survey, options.calibrate);
  if (!options.json) {
    print_text(request, runs);
    return ExitCode::done;
  }
  print_json(request, runs);
  return ExitCode::done;
}

}  // namespace sslbench
