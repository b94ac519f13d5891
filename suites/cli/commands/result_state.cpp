// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/result_state.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <system_error>

#include "reports/history/compared_pairs.h"
#include "reports/record/declared_metrics.h"
#include "reports/record/record_store.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/plan/gate_rules.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

StageRecord& stage_named(const std::string& name, Record& record) {
  const auto found = std::find_if(record.stages.begin(), record.stages.end(),
                                  [&](const StageRecord& stage) { return stage.name == name; });
  if (found != record.stages.end()) return *found;
  record.stages.push_back({.name = name, .status = RunStatus{RunStatus::Kind::ok}.text()});
  return record.stages.back();
}

// The table names no digests, machine or build: what they would decide is left open.
Snapshot from_table(const fs::path& file) {
  std::map<std::pair<std::string, int64_t>, Record> records;
  Snapshot out;
  for (const Measurement& m : read_measurements(file)) {
    Record& record = records[{m.method, m.seed}];
    record.row = m.method;
    record.backbone = m.backbone;
    record.seed = m.seed;
    stage_named(m.protocol, record).measurements.push_back(m);
    out.suite = m.suite;
  }
  const nlohmann::json declarations = read_declarations(file);
  std::vector<Record> all;
  for (auto& [key, record] : records) {
    apply_declarations(declarations, record.stages);
    all.push_back(std::move(record));
  }
  out = snapshot_of(out.suite, all, {});
  for (SnapshotCell& cell : out.cells) cell.config = cell.data = "";
  out.revision = file.filename().string();
  out.build_type = "";
  return out;
}

Snapshot from_history(const fs::path& file) {
  try {
    return snapshot_from_json(parse_foreign_json(read_file(file)), file.string());
  } catch (const nlohmann::json::exception& error) {
    throw UserError(file.string() + ": not JSON (" + json_mistake(error) +
                    "); name a results folder, a measurements.h5 or a file of a history");
  }
}

}  // namespace

Snapshot read_state(const fs::path& path, bool replicates) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) throw UserError("'" + path.string() + "': no such file or folder");
  if (path.extension() == ".json") return from_history(path);
  if (path.extension() == ".h5") return from_table(path);
  const ResultsFolder results = read_results(path, {.replicates = replicates}, known_build().sameness);
  for (const std::string& warning : results.warnings) print_warning(warning);
  Snapshot out = results.snapshot();
  if (replicates) add_replicates(out, results.records);
  return out;
}

std::vector<GateRule> rules_of_folder(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return {};
  const auto plan = read_plan(folder);
  if (!plan || plan->suite_text.empty()) return {};
  return gate_rules_of_suite(plan->suite_file.empty() ? plan->suite : plan->suite_file, plan->suite_text, plan->sets);
}

}  // namespace sslbench
