// SPDX-License-Identifier: Apache-2.0
// plan.json: a plan as JSON and back. Runs of one row differ in seed and keys, and rows in few settings: what all rows
// have in common stands once, what a row adds once, and a run is its seed and keys.
#include <utility>

#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/name_rule.h"
#include "suites/plan/common_part.h"
#include "suites/plan/plan.h"
#include "suites/plan/plan_keys.h"
#include "suites/plan/plan_limits.h"
#include "suites/plan/shared_parts.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "sslbench.plan/2";
constexpr const char* kFirstSchema = "sslbench.plan/1";  // every run spelled out in a list "runs"

json row_to_json(const RunSpec& row) {
  json out = run_spec_to_json(row);
  out.erase("seed");
  out.erase("pretrain_key");
  for (json& protocol : out.at("protocols")) protocol.erase("key");
  return out;
}

json run_to_json(const RunSpec& run) {
  json keys = json::array();
  for (const ProtocolSpec& protocol : run.protocols) keys.push_back(protocol.key);
  return {{"seed", run.seed}, {"pretrain_key", run.pretrain_key}, {"keys", std::move(keys)}};
}

// Neighbouring runs that differ in what belongs to one seed alone.
struct RowOfRuns {
  RunSpec row;
  json runs = json::array();
};

std::vector<RowOfRuns> rows_of(const std::vector<RunSpec>& runs) {
  std::vector<RowOfRuns> out;
  for (const RunSpec& run : runs) {
    RunSpec row = without_seed(run);
    if (out.empty() || !(out.back().row == row)) out.push_back({std::move(row)});
    out.back().runs.push_back(run_to_json(run));
  }
  return out;
}

json common_to(const std::vector<RowOfRuns>& rows) {
  if (rows.empty()) return json::object();
  json common = row_to_json(rows.front().row);
  for (const RowOfRuns& each : rows) common = common_part(common, row_to_json(each.row));
  for (const char* name : {"row", "method"}) common.erase(name);  // a row says what it is
  return common;
}

// `whole`: all that its runs have in common.
void add_runs(json whole, const json& runs, const std::string& file, SharedParts& parts, std::vector<RunSpec>& out) {
  whole["seed"] = 0;  // of each run's own
  whole["pretrain_key"] = "";
  for (json& protocol : whole.at("protocols")) protocol["key"] = "";
  RunSpec row = run_spec_from_json(std::move(whole), file);
  parts.share(row);
  for (const json& run : runs) {
    out.push_back(row);
    out.back().seed = exact_integer_within(run, "seed", 0, INT64_MAX);
    out.back().pretrain_key = run.at("pretrain_key");
    const json& keys = run.at("keys");
    if (keys.size() != row.protocols.size()) throw UserError("'keys': expected one for each protocol");
    for (size_t p = 0; p < keys.size(); ++p) out.back().protocols[p].key = keys.at(p);
  }
}

void add_rows(const json& from, const std::string& file, std::vector<RunSpec>& out) {
  size_t count = 0, bytes = 0;
  for (const json& row : from.at("rows")) {
    if (!row.at("runs").is_array()) throw UserError("'runs' is no list");
    count += row.at("runs").size();
  }
  expect_plannable(count, "'runs'");
  SharedParts parts;
  out.reserve(count);
  for (json row : from.at("rows")) {
    const json runs = std::move(row.at("runs"));
    row.erase("runs");
    json whole = merged(from.at("common"), row);
    bytes += runs.size() * whole.dump().size();  // what stands once is not once in memory
    if (bytes > kMostPlanBytes) throw UserError("its runs, spelled out, are more than 256 MiB");
    add_runs(std::move(whole), runs, file, parts, out);
  }
}

void add_spelled_out(json& from, const std::string& file, std::vector<RunSpec>& out) {
  if (!from.at("runs").is_array()) throw UserError("'runs' is no list");
  expect_plannable(from.at("runs").size(), "'runs'");
  SharedParts parts;
  for (json& run : from.at("runs")) {
    out.push_back(run_spec_from_json(std::exchange(run, nullptr), file));
    parts.share(out.back());
  }
}

}  // namespace

json plan_to_json(const Plan& plan) {
  std::vector<RowOfRuns> rows = rows_of(plan.runs);
  const json common = common_to(rows);
  json written = json::array();
  for (RowOfRuns& each : rows) {
    written.push_back(without_common(row_to_json(each.row), common));
    written.back()["runs"] = std::move(each.runs);
  }
  return {{"schema", kSchema},
          {"suite", plan.suite},
          {"question", plan.question},
          {"suite_file", plan.suite_file},
          {"suite_text", plan.suite_text},
          {"set", plan.sets},
          {"jobs", plan.jobs},
          {"threads", plan.threads},
          {"common", common},
          {"rows", std::move(written)}};
}

Plan plan_from_json(json from, const std::string& file) {
  Plan plan;
  try {
    const bool first = from.at("schema") == kFirstSchema;
    if (!first && from.at("schema") != kSchema) {
      throw UserError("expected schema " + std::string(kFirstSchema) + " or " + kSchema);
    }
    plan.suite = from.at("suite");
    const std::string reason = why_not_a_name(plan.suite);
    if (!reason.empty()) throw UserError("suite: " + reason);
    plan.question = from.at("question");
    plan.suite_file = from.at("suite_file");
    plan.suite_text = from.at("suite_text");
    plan.sets = from.at("set").get<std::vector<std::string>>();
    plan.jobs = static_cast<int>(exact_integer_within(from, "jobs", 1, kMostWorkers));
    plan.threads = static_cast<int>(exact_integer_within(from, "threads", 1, kMostWorkers));
    first ? add_spelled_out(from, file, plan.runs) : add_rows(from, file, plan.runs);
  } catch (const json::exception& error) {
    throw UserError(file + ": not a plan: " + json_mistake(error));
  } catch (const UserError& mistake) {
    const std::string text = mistake.what();
    throw UserError(text.starts_with(file + ": ") ? text : file + ": " + text);
  }
  return plan;
}

}  // namespace sslbench
