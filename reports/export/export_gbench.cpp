// SPDX-License-Identifier: Apache-2.0
// Google Benchmark's JSON, as its compare.py reads it: one repetition a seed, time an image, all else as counters.
// `real_time` is the median window's; `cpu_time` the whole stage's, set-up included, which is what records hold.
#include <optional>
#include <set>

#include "reports/export/exporter.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

// The number that all records name; nothing where they differ or do not say.
std::optional<int64_t> cores_of(const std::vector<Record>& records) {
  std::set<int64_t> cores;
  for (const Record& record : records) {
    const auto found = record.environment.find("cores");
    if (found != record.environment.end() && found->is_number_integer()) cores.insert(found->get<int64_t>());
  }
  return cores.size() == 1 ? std::optional(*cores.begin()) : std::nullopt;
}

// Per image; nothing where the stage did not measure it.
std::optional<double> cpu_milliseconds(const std::vector<Record>& records, const SnapshotCell& speed, int64_t seed) {
  for (const Record& record : records) {
    if (record.row != speed.row || record.seed != seed) continue;
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) {
        const bool asked = m.protocol == speed.protocol && m.metric == "cpu_time" && m.n > 0;
        if (asked) return 1000 * m.value / static_cast<double>(m.n);
      }
    }
  }
  return std::nullopt;
}

ordered_json context_of(const ExportInput& input) {
  const Snapshot& snapshot = input.snapshot;
  ordered_json out;
  if (!snapshot.created.empty()) out["date"] = snapshot.created;
  out["host_name"] = snapshot.machine_class;
  out["executable"] = "sslbench";
  if (const std::optional<int64_t> cores = cores_of(input.records)) out["num_cpus"] = *cores;
  out["library_build_type"] = snapshot.build_type == "Debug" ? "debug" : "release";
  out["json_schema_version"] = 1;
  return out;
}

// The row's other values of that seed.
void add_counters(const Snapshot& snapshot, const SnapshotCell& speed, int64_t seed, ordered_json& out) {
  for (const SnapshotCell& cell : snapshot.cells) {
    const auto value = cell.by_seed.find(seed);
    if (cell.row != speed.row || value == cell.by_seed.end()) continue;
    out[cell.measure() + (cell.split == "test" || cell.protocol == "pretrain" ? "" : "." + cell.split)] = value->second;
  }
}

std::string text(const ExportInput& input) {
  const Snapshot& snapshot = input.snapshot;
  ordered_json out = {{"context", context_of(input)}, {"benchmarks", ordered_json::array()}};
  for (const SnapshotCell& cell : snapshot.cells) {
    if (cell.metric != "throughput") continue;
    int64_t repetition = 0;
    for (const auto& [seed, speed] : cell.by_seed) {
      const std::string name = snapshot.suite + "/" + cell.row + "/" + cell.protocol;
      ordered_json one = {{"name", name},
                          {"run_name", name},
                          {"run_type", "iteration"},
                          {"repetitions", cell.by_seed.size()},
                          {"repetition_index", repetition++},
                          {"threads", 1},
                          {"iterations", 1},
                          {"real_time", 1000 / speed},
                          {"time_unit", "ms"}};
      if (const auto cpu = cpu_milliseconds(input.records, cell, seed)) one["cpu_time"] = *cpu;
      add_counters(snapshot, cell, seed, one);
      out["benchmarks"].push_back(one);
    }
  }
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const bool registered = Registry<ExporterEntry>::add(
    {"gbench", "Google Benchmark's JSON: milliseconds an image, the rest as counters", text});

}  // namespace
}  // namespace sslbench
