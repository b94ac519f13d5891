// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/suite_request.h"

#include <algorithm>
#include <set>
#include <utility>

#include "datasets/install/installed.h"
#include "suites/cli/commands/commit_under_test.h"
#include "suites/cli/commands/output_place.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/plan/imported_row.h"
#include "suites/plan/training_text.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/device_choice.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"

namespace sslbench {

namespace {

// The GPUs to spread over: those asked for, or as many as a run has ranks; none on a processor.
std::vector<Device> devices_for(const SuiteOptions& options, int ranks) {
  std::vector<Device> out;
  if (!options.devices.empty()) {
    out = choose_devices(options.devices);
  } else if (ranks > 1 && choose_device(options.device).starts_with("cuda")) {
    out = choose_devices("0-" + std::to_string(ranks - 1));
  }
  if (!out.empty() && std::ssize(out) < ranks) {
    throw UserError("--ranks " + std::to_string(ranks) + " takes as many GPUs, and --devices " + options.devices +
                    " names " + std::to_string(out.size()));
  }
  return out;
}

int jobs_at_once(const std::vector<Device>& devices, int ranks) {
  return std::max(1, static_cast<int>(devices.size()) / ranks);
}

// As asked, else as this folder was planned, since another number rounds otherwise, else as the suite says.
int ranks_per_run(const std::optional<Plan>& earlier, std::optional<int> asked, std::optional<int> suite) {
  if (asked) return *asked;
  if (earlier && !earlier->runs.empty()) return earlier->runs.front().ranks;
  return suite.value_or(1);
}

std::string device_text(const SuiteRequest& request) {
  if (request.devices.empty()) return " --device " + request.selected.at(0).device;
  std::string list;
  for (const Device& device : request.devices) {
    list += (list.empty() ? "" : ",") + device.name.substr(device.name.find(':') + 1);
  }
  return " --devices " + list;
}

}  // namespace

SuiteRequest request_from(const SuiteOptions& options) {
  SuiteRequest request;
  const std::filesystem::path file = find_suite(options.suite);
  request.catalog = load_catalog();
  const Suite suite = read_suite(file, options.sets, request.catalog);
  request.places = row_places(suite);
  request.out =
      options.out.empty() ? std::filesystem::path("results") / suite.name : std::filesystem::path(options.out);
  expect_writable_place(request.out);
  expect_utf8(std::filesystem::absolute(request.out));
  const std::optional<Plan> earlier = read_plan(request.out);
  expect_own_suite(earlier, suite.name, request.out);

  PlanPlace place;
  if (!options.seeds.empty()) place.seeds = parse_seeds(options.seeds);
  place.ranks = ranks_per_run(earlier, options.ranks, suite.ranks);
  request.devices = devices_for(options, place.ranks);
  place.device = request.devices.empty() ? choose_device(options.device) : request.devices.front().name;
  place.jobs = options.jobs.value_or(suite.jobs.value_or(jobs_at_once(request.devices, place.ranks)));
  place.threads = threads_per_worker(earlier, options.threads, suite.threads, place.jobs * place.ranks);
  place.out = request.out;
  place.worker = worker_digest(worker_program());
  place.commit = commit_under_test();
  place.repository = repository_under_test();
  place.build = build_id(place.worker);
  place.data_root = default_data_root();
  const auto digest = [&](const std::string& name, const nlohmann::json& settings) {
    return dataset_digest(name, settings, place.data_root);
  };
  request.plan = make_plan(suite, request.catalog, digest, place);
  if (earlier) keep_imported(*earlier, request.plan);
  request.selected = select_runs(request.plan.runs, options.only);
  return request;
}

std::string training_lines(const std::vector<RunSpec>& runs, const Catalog& catalog) {
  std::vector<std::pair<std::string, std::string>> lines;  // rows, how they are trained
  std::set<std::string> rows;
  for (const RunSpec& run : runs) {
    if (!rows.insert(run.row).second) continue;
    const std::string text = run_training_text(run, catalog.find("method", run.method).facts.value("trains", true));
    const auto alike = std::ranges::find(lines, text, &std::pair<std::string, std::string>::second);
    if (alike == lines.end()) {
      lines.emplace_back(run.row, text);
    } else {
      alike->first += ", " + run.row;
    }
  }
  std::string out;
  for (const auto& [names, text] : lines) out += names + ": " + text + "\n";
  return out;
}

std::string how_text(const SuiteRequest& request) {
  const int ranks = request.selected.at(0).ranks;
  return "--jobs " + std::to_string(request.plan.jobs) + (ranks > 1 ? " --ranks " + std::to_string(ranks) : "") +
         " --threads " + std::to_string(request.plan.threads) + device_text(request);
}

}  // namespace sslbench
