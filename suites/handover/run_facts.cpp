// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/run_facts.h"

#include "reports/record/environment.h"

namespace sslbench {

using nlohmann::json;

bool MethodFacts::sees_labels(const json& settings) const {
  if (labels_when.empty()) return uses_labels;
  const size_t equals = labels_when.find('=');
  return settings.value(labels_when.substr(0, equals), "") == labels_when.substr(equals + 1);
}

bool pretrained_elsewhere(const RunSpec& run, const MethodFacts& method) {
  return !method.trains && !run.files.empty();
}

namespace {

// The file's name: where it lies says nothing elsewhere.
std::string started_from(const RunSpec& run) {
  return std::filesystem::path(run.pretrain.value("init", "")).filename().string();
}

}  // namespace

json facts_of_run(const RunSpec& run, const MethodFacts& method) {
  return {{"role", method.role},
          {"uses_labels", method.sees_labels(run.method_settings)},
          {"equal_cost", run.equal_cost},
          {"pretrained_elsewhere", pretrained_elsewhere(run, method)},
          {"started_from", method.trains ? started_from(run) : ""},
          {"pretraining_set", run.dataset.name}};
}

std::string class_of_ranks(const RunSpec& run, const std::string& machine_class) {
  return run.ranks == 1 ? machine_class : std::to_string(run.ranks) + " ranks; " + machine_class;
}

json environment_of_run(const RunSpec& run) {
  json out = environment();
  out["threads"] = run.threads;
  if (run.ranks > 1) {
    out["ranks"] = run.ranks;
    out["rank_backend"] = run.device == "cpu" ? "gloo" : "nccl";
    out["machine_class"] = class_of_ranks(run, out.value("machine_class", ""));
  }
  out["device"] = run.device;
  out["worker"] = run.worker;
  if (!run.commit.empty()) out["commit"] = run.commit;
  if (!run.repository.empty()) out["repository"] = run.repository;
  return out;
}

}  // namespace sslbench
