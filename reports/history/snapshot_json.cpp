// SPDX-License-Identifier: Apache-2.0
// A snapshot as JSON: what history keeps.
#include "reports/history/snapshot.h"
#include "suites/ground/error.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char *kSchema = "sslbench.history/2", *kOldSchema = "sslbench.history/1";

// The kind that a unit told before metrics were declared; another one is written down.
MetricKind kind_by_unit(const SnapshotCell& cell) { return cell.unit == "1" ? MetricKind::score : MetricKind::cost; }

MetricKind kind_from_json(const json& j, const SnapshotCell& cell) {
  if (!j.contains("kind")) return kind_by_unit(cell);
  const auto kind = metric_kind(j.at("kind").get<std::string>());
  return kind.value_or(MetricKind::quantity);
}

json cell_to_json(const SnapshotCell& cell) {
  json values = json::object();
  for (const auto& [seed, value] : cell.by_seed) values[std::to_string(seed)] = value;
  json out{{"row", cell.row},
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
           {"config_1", cell.config_1},
           {"data", cell.data},
           {"by_seed", values}};
  const MetricKind plain = kind_by_unit(cell);
  const bool told = cell.kind == plain || (cell.is_fraction() && plain == MetricKind::score);
  if (!told) out["kind"] = kind_name(cell.kind);
  return out;
}

SnapshotCell cell_from_json(const json& j) {
  SnapshotCell cell{j.at("row"),    j.at("method"), j.at("backbone"), j.at("protocol"), j.at("dataset"),
                    j.at("metric"), j.at("split"),  j.at("unit"),     j.at("better"),   j.at("version"),
                    j.at("n"),      j.at("config"), j.at("data")};
  cell.config_1 = j.value("config_1", "");
  cell.kind = kind_from_json(j, cell);
  for (const auto& [seed, value] : j.at("by_seed").items()) {
    // null: not a number, as JSON writes it; older builds kept pycocotools' -1, which says that there was no truth to
    // find.
    const bool undefined = value.is_null() || (cell.is_fraction() && value == -1);
    if (!undefined) cell.by_seed[std::stoll(seed)] = value.get<double>();
  }
  return cell;
}

}  // namespace

json snapshot_to_json(const Snapshot& snapshot) {
  json cells = json::array(), runs = json::array();
  for (const SnapshotCell& cell : snapshot.cells) cells.push_back(cell_to_json(cell));
  for (const SnapshotRun& run : snapshot.runs) {
    runs.push_back({{"row", run.row}, {"seed", run.seed}, {"status", run.status}});
  }
  return {{"schema", kSchema},
          {"suite", snapshot.suite},
          {"created", snapshot.created},
          {"code",
           {{"revision", snapshot.revision},
            {"worker", snapshot.worker},
            {"commit", snapshot.commit},
            {"dirty", snapshot.dirty},
            {"build_type", snapshot.build_type}}},
          {"machine", {{"class", snapshot.machine_class}}},
          {"runs", runs},
          {"settings", snapshot.settings},
          {"cells", cells}};
}

Snapshot snapshot_from_json(const json& j, const std::string& file) {
  try {
    const bool old = j.at("schema") == kOldSchema;
    if (!old && j.at("schema") != kSchema) throw UserError(file + ": schema " + short_value(j.at("schema")));
    Snapshot out{j.at("suite"),
                 j.at("created"),
                 j.at("code").at("revision"),
                 j.at("code").at("build_type"),
                 j.at("machine").at("class"),
                 j.at("code").at("dirty").get<bool>()};
    for (const json& cell : j.at("cells")) out.cells.push_back(cell_from_json(cell));
    out.worker = j.at("code").value("worker", "");
    out.commit = j.at("code").value("commit", "");
    if (!old) out.settings = j.at("settings").get<std::map<std::string, json>>();
    std::erase_if(out.cells, [](const SnapshotCell& cell) { return cell.by_seed.empty() || cell.is_idle(); });
    for (const json& run : j.at("runs")) out.runs.push_back({run.at("row"), run.at("seed"), run.at("status")});
    return out;
  } catch (const json::exception& error) {
    throw UserError(file + ": not a record of history: " + json_mistake(error));
  } catch (const std::logic_error&) {  // stoll
    throw UserError(file + ": not a record of history: a seed is no number");
  }
}

}  // namespace sslbench
