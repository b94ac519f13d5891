// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/suite_request.h"

#include <set>

#include "datasets/install/installed.h"
#include "suites/cli/commands/commit_under_test.h"
#include "suites/cli/commands/output_place.h"
#include "suites/ground/build_id.h"
#include "suites/plan/training_text.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/device_choice.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"

namespace sslbench {

SuiteRequest request_from(const SuiteOptions& options) {
  SuiteRequest request;
  const std::filesystem::path file = find_suite(options.suite);
  request.catalog = load_catalog();
  const Suite suite = read_suite(file, options.sets, request.catalog);
  request.out =
      options.out.empty() ? std::filesystem::path("results") / suite.name : std::filesystem::path(options.out);
  expect_writable_place(request.out);
  expect_utf8(std::filesystem::absolute(request.out));
  const std::optional<Plan> earlier = read_plan(request.out);
  expect_own_suite(earlier, suite.name, request.out);

  PlanPlace place;
  if (!options.seeds.empty()) place.seeds = parse_seeds(options.seeds);
  place.jobs = options.jobs.value_or(suite.jobs.value_or(1));
  place.threads = threads_per_worker(earlier, options.threads, suite.threads, place.jobs);
  place.device = choose_device(options.device);
  place.out = request.out;
  place.worker = worker_digest(worker_program());
  place.commit = commit_under_test();
  place.build = build_id(place.worker);
  place.data_root = default_data_root();
  const auto digest = [&](const std::string& name, const nlohmann::json& settings) {
    return dataset_digest(name, settings, place.data_root);
  };
  request.plan = make_plan(suite, request.catalog, digest, place);
  request.selected = select_runs(request.plan.runs, options.only);
  return request;
}

std::string training_lines(const std::vector<RunSpec>& runs, const Catalog& catalog) {
  std::string out;
  std::set<std::string> rows;
  for (const RunSpec& run : runs) {
    if (!rows.insert(run.row).second) continue;
    const bool trains = catalog.find("method", run.method).facts.value("trains", true);
    out += run.row + ": " + (trains ? training_text(run.pretrain, run.preset) : "trains nothing") + "\n";
  }
  return out;
}

std::string how_text(const SuiteRequest& request) {
  return "--jobs " + std::to_string(request.plan.jobs) + " --threads " + std::to_string(request.plan.threads) +
         " --device " + request.selected.at(0).device;
}

}  // namespace sslbench
