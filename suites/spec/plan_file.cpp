// SPDX-License-Identifier: Apache-2.0
// plan.json: a plan as JSON and back.
#include <utility>

#include "suites/spec/error.h"
#include "suites/spec/plan.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "sslbench.plan/1";

}  // namespace

json plan_to_json(const Plan& plan) {
  json runs = json::array();
  for (const RunSpec& run : plan.runs) runs.push_back(run_spec_to_json(run));
  return {{"schema", kSchema},
          {"suite", plan.suite},
          {"question", plan.question},
          {"suite_file", plan.suite_file},
          {"suite_text", plan.suite_text},
          {"set", plan.sets},
          {"jobs", plan.jobs},
          {"threads", plan.threads},
          {"runs", runs}};
}

Plan plan_from_json(json from, const std::string& file) {
  try {
    if (from.at("schema") != kSchema) throw UserError(file + ": expected schema " + std::string(kSchema));
    Plan plan;
    plan.suite = from.at("suite");
    const std::string reason = why_not_a_name(plan.suite);
    if (!reason.empty()) throw UserError(file + ": suite: " + reason);
    plan.question = from.at("question");
    plan.suite_file = from.at("suite_file");
    plan.suite_text = from.at("suite_text");
    plan.sets = from.at("set").get<std::vector<std::string>>();
    plan.jobs = from.at("jobs");
    plan.threads = from.at("threads");
    for (json& run : from.at("runs")) plan.runs.push_back(run_spec_from_json(std::move(run), file));
    return plan;
  } catch (const json::exception& error) {
    throw UserError(file + ": not a plan: " + error.what());
  }
}

}  // namespace sslbench
