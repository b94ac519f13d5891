// SPDX-License-Identifier: Apache-2.0
// Google Benchmark's JSON, as its compare.py reads it: one repetition a seed, time an image, all else as counters.
#include "reports/exporter.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

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
  ordered_json out = {{"context",
                       {{"date", snapshot.created},
                        {"host_name", snapshot.machine_class},
                        {"executable", "sslbench"},
                        {"num_cpus", 1},
                        {"library_build_type", snapshot.build_type == "Debug" ? "debug" : "release"},
                        {"json_schema_version", 1}}},
                      {"benchmarks", ordered_json::array()}};
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
                          {"cpu_time", 1000 / speed},
                          {"time_unit", "ms"}};
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
