// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/imported_row.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/ground/name_rule.h"
#include "suites/ground/sha256.h"
#include "suites/plan/plan_keys.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kMethod = "checkpoint";  // evaluates what a backbone brings

bool is_imported(const RunSpec& run) { return run.backbone == kImportedBackbone; }

// A run of the suite, the first that differs from its other rows in nothing but the method where there is one.
const RunSpec& pattern(const Plan& plan) {
  const auto found =
      std::ranges::find_if(plan.runs, [](const RunSpec& run) { return !is_imported(run) && run.equal_cost; });
  if (found != plan.runs.end()) return *found;
  const auto any = std::ranges::find_if_not(plan.runs, is_imported);
  if (any == plan.runs.end()) throw UserError("import: the results folder has no run of a suite");
  return *any;
}

void expect_free_name(const std::string& row, const Plan& plan) {
  std::string reason = why_not_a_name(row);
  if (reason.empty() && row == "pretrain") reason = "'pretrain' is the name of a stage";
  if (!reason.empty()) throw UserError("import: --row: " + reason);
  const bool taken =
      std::ranges::any_of(plan.runs, [&](const RunSpec& run) { return run.row == row && !is_imported(run); });
  if (taken) throw UserError("import: --row " + row + ": the suite has a row of that name; choose another");
}

std::vector<ProtocolSpec> feature_protocols(const RunSpec& run, const Catalog& catalog) {
  std::vector<ProtocolSpec> out;
  for (const ProtocolSpec& each : run.protocols) {
    const bool features = catalog.find("protocol", each.protocol).facts.value("on_features", false);
    const bool own_set = each.dataset.name == run.dataset.name && each.dataset.settings == run.dataset.settings;
    if (features && own_set) out.push_back(each);
  }
  if (out.empty()) {
    throw UserError("import: no protocol of the suite measures features of " + run.dataset.name +
                    "; add [protocols.knn] or [protocols.linear_probe]");
  }
  return out;
}

json requested(const RunSpec& run, const RunSpec& from) {
  json out = from.requested.value();
  out["method"] = run.method;
  out["backbone"] = {{"name", run.backbone}, {"options", run.backbone_settings}};
  out["preset"] = "";
  out["options"] = json::object();
  out["row_pretrain"] = json::object();
  out["row_views"] = json::object();
  json protocols = json::object();
  for (const ProtocolSpec& each : run.protocols) {
    if (out.contains("protocols") && out.at("protocols").contains(each.row))
      protocols[each.row] = out["protocols"][each.row];
  }
  out["protocols"] = protocols;
  return out;
}

}  // namespace

RunSpec imported_run(const Plan& plan, const Catalog& catalog, const ImportedRow& row) {
  expect_free_name(row.row, plan);
  std::error_code error;
  if (!std::filesystem::is_regular_file(row.file, error)) {
    throw UserError("import: there is no file '" + row.file.string() + "'");
  }
  const RunSpec& from = pattern(plan);
  RunSpec run = from;
  run.row = row.row, run.seed = row.seed;
  run.method = kMethod, run.preset = "";
  run.method_settings = Settings("method", catalog.find("method", kMethod).options, json::object()).values();
  run.backbone = kImportedBackbone;
  run.backbone_settings = json{{"file", std::filesystem::absolute(row.file).lexically_normal().string()}};
  run.files = {{std::string(kBackbonePrefix) + "file", sha256_file(row.file)}};
  run.protocols = feature_protocols(from, catalog);
  run.requested = requested(run, from);
  run.equal_cost = false;
  run.attempt = 1, run.ranks = 1;
  run.reuse.clear();
  const Sameness sameness(catalog);
  run.id = run_id(run, sameness);
  set_keys(run, sameness);
  return run;
}

void put_imported(const RunSpec& run, Plan& plan) {
  std::erase_if(plan.runs, [&](const RunSpec& each) { return each.row == run.row && each.seed == run.seed; });
  plan.runs.push_back(run);
}

void keep_imported(const Plan& earlier, Plan& plan) {
  if (plan.runs.empty()) return;
  const RunSpec here = plan.runs.front();
  const size_t own = plan.runs.size();
  for (RunSpec run : earlier.runs) {
    const bool taken = std::any_of(plan.runs.begin(), plan.runs.begin() + static_cast<ptrdiff_t>(own),
                                   [&](const RunSpec& each) { return each.row == run.row; });
    if (!is_imported(run) || taken) continue;
    run.threads = here.threads, run.device = here.device, run.out = here.out, run.data_root = here.data_root;
    run.worker = here.worker, run.build = here.build, run.commit = here.commit;
    run.repository = here.repository;
    plan.runs.push_back(std::move(run));
  }
}

}  // namespace sslbench
