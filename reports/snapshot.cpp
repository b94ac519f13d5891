// SPDX-License-Identifier: Apache-2.0
#include "reports/snapshot.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "reports/facts.h"
#include "reports/planned_records.h"
#include "suites/spec/error.h"
#include "suites/spec/json_mistake.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// Settings of pretraining that change nothing about what is learnt.
constexpr const char* kIncidental[] = {"checkpoint_seconds", "hash_every", "data_workers", "resident_budget"};
// Settings that came later, with the value that is what was before.
constexpr std::pair<const char*, const char*> kLater[] = {{"decode", "exact"}, {"on_corrupt", "fail"}};

json part(const json& object, const char* key) {
  return object.is_object() && object.contains(key) ? object.at(key) : json(nullptr);
}

// The protocol's own entry in the RunSpec; null for pretraining.
json protocol_entry(const json& effective, const std::string& row) {
  const json protocols = part(effective, "protocols");
  if (!protocols.is_array()) return nullptr;
  for (const json& protocol : protocols) {
    if (part(protocol, "row") == row) return protocol;
  }
  return nullptr;
}

json settings_of(const json& dataset) { return {part(dataset, "name"), part(dataset, "settings")}; }

std::string config_digest(const Record& record, const std::string& protocol) {
  const json& spec = record.effective;
  json pretrain = part(spec, "pretrain");
  for (const char* key : kIncidental) {
    if (pretrain.is_object()) pretrain.erase(key);
  }
  for (const auto& [key, value] : kLater) {
    if (part(pretrain, key) == value) pretrain.erase(key);
  }
  const json entry = protocol_entry(spec, protocol);
  const json all = {record.method,
                    record.backbone,
                    part(spec, "method_settings"),
                    part(spec, "backbone_settings"),
                    settings_of(part(spec, "dataset")),
                    pretrain,
                    part(spec, "views"),
                    part(spec, "files"),
                    part(entry, "settings"),
                    settings_of(part(entry, "dataset"))};
  return sha256_hex(all.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, 16);
}

std::string data_digest(const Record& record, const std::string& protocol) {
  const json entry = protocol_entry(record.effective, protocol);
  const json all = {part(part(record.effective, "dataset"), "digest"), part(part(entry, "dataset"), "digest")};
  return sha256_hex(all.dump()).substr(0, 16);
}

// Fractions on training and validation images are no results.
bool is_comparable(const Measurement& m) {
  const bool result = m.unit != "1" || m.split == "test";
  return result && m.direction != "none" && m.metric.rfind("constant_", 0) != 0;
}

// A run with a result that is no number has failed, whatever its record says.
void mark_non_finite(Snapshot& out, const Record& record) {
  for (SnapshotRun& run : out.runs) {
    if (run.row == record.row && run.seed == record.seed) run.status = "failed(non_finite)";
  }
}

void add_measurement(Snapshot& out, const Record& record, const Measurement& m) {
  SnapshotCell cell{record.row, record.method, record.backbone, m.protocol, m.dataset, m.metric,
                    m.split,    m.unit,        m.direction,     m.version,  m.n};
  if (SnapshotCell* found = out.find(cell)) {
    found->n = std::max(found->n, m.n);
    found->by_seed[record.seed] = m.value;
    return;
  }
  cell.config = config_digest(record, m.protocol);
  cell.data = data_digest(record, m.protocol);
  cell.by_seed[record.seed] = m.value;
  out.cells.push_back(std::move(cell));
}

std::string joined(const std::set<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : " | ") + text;
  return out;
}

std::string text_at(const json& object, const char* key) {
  const json value = part(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

json cell_to_json(const SnapshotCell& cell) {
  json values = json::object();
  for (const auto& [seed, value] : cell.by_seed) values[std::to_string(seed)] = value;
  return {{"row", cell.row},
          {"method", cell.method},
          {"backbone", cell.backbone},
          {"protocol", cell.protocol},
          {"dataset", cell.dataset},
          {"metric", cell.metric},
          {"split", cell.split},
          {"unit", cell.unit},
          {"better", cell.direction},
          {"version", cell.version},
          {"n", cell.n},
          {"config", cell.config},
          {"data", cell.data},
          {"by_seed", values}};
}

SnapshotCell cell_from_json(const json& j) {
  SnapshotCell cell{j.at("row"),    j.at("method"), j.at("backbone"), j.at("protocol"), j.at("dataset"),
                    j.at("metric"), j.at("split"),  j.at("unit"),     j.at("better"),   j.at("version"),
                    j.at("n"),      j.at("config"), j.at("data")};
  for (const auto& [seed, value] : j.at("by_seed").items()) {
    if (!value.is_null())
      cell.by_seed[std::stoll(seed)] = value.get<double>();  // null: not a number, as JSON writes it
  }
  return cell;
}

}  // namespace

bool SnapshotCell::same_series(const SnapshotCell& other) const {
  return std::tie(row, protocol, metric, split) == std::tie(other.row, other.protocol, other.metric, other.split);
}

std::vector<double> SnapshotCell::values() const {
  std::vector<double> out;
  for (const auto& [seed, value] : by_seed) out.push_back(value);
  return out;
}

SnapshotCell* Snapshot::find(const SnapshotCell& like) {
  return const_cast<SnapshotCell*>(std::as_const(*this).find(like));
}

const SnapshotCell* Snapshot::find(const SnapshotCell& like) const {
  const auto found =
      std::find_if(cells.begin(), cells.end(), [&](const SnapshotCell& cell) { return cell.same_series(like); });
  return found == cells.end() ? nullptr : &*found;
}

Snapshot snapshot_of(const std::string& suite, const std::vector<Record>& records, std::vector<SnapshotRun> planned) {
  Snapshot out;
  out.suite = suite;
  out.runs = std::move(planned);
  std::set<std::string> revisions, builds, machines;
  for (const Record& record : records) {
    for (const std::string& revision : revisions_of(record)) {
      out.dirty = out.dirty || revision.ends_with("-dirty");
      revisions.insert(revision.substr(0, revision.find("-dirty")));
    }
    builds.insert(text_at(record.environment, "build_type"));
    machines.insert(text_at(record.environment, "machine_class"));
    out.dirty = out.dirty || part(record.environment, "dirty") == true;
    for (const StageRecord& stage : record.stages) {
      if (!stage.finished()) continue;
      for (const Measurement& m : stage.measurements) {
        if (!is_comparable(m)) continue;
        if (std::isfinite(m.value)) {
          add_measurement(out, record, m);
        } else {
          mark_non_finite(out, record);
        }
      }
    }
  }
  out.revision = joined(revisions);
  out.build_type = joined(builds);
  out.machine_class = joined(machines);
  return out;
}

ResultsFolder read_results(const fs::path& folder, RecordParts parts) {
  const Plan plan = read_results_plan(folder);
  ResultsFolder out;
  out.suite = plan.suite;
  const auto take = [&](const RunSpec& run, std::optional<Record> record, const std::string& refused) {
    out.runs.push_back({run.row, run.seed, record ? record->status : refused.empty() ? "not run" : "failed(storage)"});
    if (record) out.records.push_back(std::move(*record));
    if (!refused.empty()) out.warnings.push_back(refused);
  };
  read_planned_records(folder, plan, {parts, parts}, take);
  return out;
}

void add_values(Snapshot& to, const Snapshot& from) {
  for (const SnapshotCell& cell : from.cells) {
    if (SnapshotCell* found = to.find(cell)) {
      found->by_seed.insert(cell.by_seed.begin(), cell.by_seed.end());
    } else {
      to.cells.push_back(cell);
    }
  }
  to.runs.insert(to.runs.end(), from.runs.begin(), from.runs.end());
}

json snapshot_to_json(const Snapshot& snapshot) {
  json cells = json::array(), runs = json::array();
  for (const SnapshotCell& cell : snapshot.cells) cells.push_back(cell_to_json(cell));
  for (const SnapshotRun& run : snapshot.runs) {
    runs.push_back({{"row", run.row}, {"seed", run.seed}, {"status", run.status}});
  }
  return {{"schema", "sslbench.history/1"},
          {"suite", snapshot.suite},
          {"created", snapshot.created},
          {"code", {{"revision", snapshot.revision}, {"dirty", snapshot.dirty}, {"build_type", snapshot.build_type}}},
          {"machine", {{"class", snapshot.machine_class}}},
          {"runs", runs},
          {"cells", cells}};
}

Snapshot snapshot_from_json(const json& j, const std::string& file) {
  try {
    if (j.at("schema") != "sslbench.history/1") throw UserError(file + ": schema " + j.at("schema").dump());
    Snapshot out{j.at("suite"),
                 j.at("created"),
                 j.at("code").at("revision"),
                 j.at("code").at("build_type"),
                 j.at("machine").at("class"),
                 j.at("code").at("dirty").get<bool>()};
    for (const json& cell : j.at("cells")) out.cells.push_back(cell_from_json(cell));
    for (const json& run : j.at("runs")) out.runs.push_back({run.at("row"), run.at("seed"), run.at("status")});
    return out;
  } catch (const json::exception& error) {
    throw UserError(file + ": not a record of history: " + json_mistake(error));
  } catch (const std::logic_error&) {  // stoll
    throw UserError(file + ": not a record of history: a seed is no number");
  }
}

}  // namespace sslbench
