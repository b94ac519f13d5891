// SPDX-License-Identifier: Apache-2.0
// plan.json: a plan as JSON and back.
#include <utility>

#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/name_rule.h"
#include "suites/plan/plan.h"
#include "suites/plan/plan_limits.h"

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
  Plan plan;
  try {
    if (from.at("schema") != kSchema) throw UserError("expected schema " + std::string(kSchema));
    plan.suite = from.at("suite");
    const std::string reason = why_not_a_name(plan.suite);
    if (!reason.empty()) throw UserError(file + ": suite: " + reason);
    plan.question = from.at("question");
    plan.suite_file = from.at("suite_file");
    plan.suite_text = from.at("suite_text");
    plan.sets = from.at("set").get<std::vector<std::string>>();
    plan.jobs = static_cast<int>(exact_integer_within(from, "jobs", 1, kMostWorkers));
    plan.threads = static_cast<int>(exact_integer_within(from, "threads", 1, kMostWorkers));
    if (!from.at("runs").is_array()) throw UserError("'runs' is no list");
    expect_plannable(from.at("runs").size(), "'runs'");
  } catch (const json::exception& error) {
    throw UserError(file + ": not a plan: " + json_mistake(error));
  } catch (const UserError& mistake) {
    throw UserError(file + ": " + mistake.what());
  }
  for (json& run : from.at("runs")) plan.runs.push_back(run_spec_from_json(std::move(run), file));
  return plan;
}

}  // namespace sslbench
