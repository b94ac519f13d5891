// SPDX-License-Identifier: Apache-2.0
// Results folders made up for the tests of comparison, history and gate: a few rows, each with an accuracy and a speed.
#pragma once

#include <cmath>
#include <filesystem>
#include <numbers>
#include <string>
#include <vector>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/random.h"
#include "suites/plan/plan.h"
#include "tests/reports/sample_record.h"

namespace sslbench {

// One normal number for (stream, index); always the same.
inline double sample_normal(uint32_t stream, uint32_t index) {
  RandomStream random(20260101, RandomUse::bootstrap, stream, index);
  const double u = (random.bits() + 0.5) / 4294967296.0, v = random.bits() / 4294967296.0;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

inline constexpr const char* kTrackedSuite = R"(# Did it get worse?
dataset = "shapes"
[gate]
linear_probe.top1 = { max_drop = 0.5, unit = "points" }
pretrain.throughput = { max_drop = 5, unit = "percent" }
)";

struct TrackedResults {
  std::vector<std::string> rows{"byol", "simclr"};
  int64_t first_seed = 0, seeds = 3;
  double top1 = 0.9, throughput = 1000;
  double top1_noise = 0.003, throughput_noise = 10;
  std::string changed_row;  // this row only gets what follows
  double top1_drop = 0, slowdown = 0;
  int64_t n = 2048, version = 1;
  std::string digest = "d1", machine = "machine A", build = "Release", revision = "abc";
  bool dirty = false;
  std::string better = "higher";  // of top1
  nlohmann::json pretrain = nlohmann::json::object();
  std::string status = "ok";  // of changed_row's runs
  std::string suite_text = kTrackedSuite, probe = "linear_probe";

  Record record(const std::string& row, size_t place, int64_t seed) const {
    Record out = sample_record(row, seed, 0);
    const bool changed = row == changed_row;
    out.suite = "tracked";
    out.status = changed ? status : "ok";
    out.effective = {{"dataset", {{"name", "shapes"}, {"digest", digest}}}, {"pretrain", pretrain}};
    out.environment = {{"revision", revision}, {"dirty", dirty}, {"build_type", build}, {"machine_class", machine}};
    const auto stream = static_cast<uint32_t>(2 * place), index = static_cast<uint32_t>(seed);
    const double accuracy = top1 + top1_noise * sample_normal(stream, index) - (changed ? top1_drop : 0);
    const double speed =
        (throughput + throughput_noise * sample_normal(stream + 1, index)) * (changed ? 1 - slowdown : 1);
    out.stages.resize(2);
    out.stages[0].measurements[0].value = speed;
    out.stages[1].name = out.stages[1].plugin = probe;
    out.stages[1].measurements = {sample_measurement(row, seed, probe, "top1", accuracy)};
    for (StageRecord& stage : out.stages) {
      stage.curves.clear();
      stage.hashes.clear();
      stage.replicates.clear();
      for (Measurement& m : stage.measurements) {
        m.suite = "tracked";
        m.n = n;
        m.version = version;
        if (m.metric == "top1") m.direction = better;
      }
      if (out.status != "ok") stage.status = out.status;
    }
    return out;
  }

  void write(const std::filesystem::path& folder) const {
    Plan plan;
    plan.suite = "tracked";
    plan.suite_text = suite_text;
    for (size_t place = 0; place < rows.size(); ++place) {
      for (int64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
        RunSpec spec;
        spec.suite = plan.suite;
        spec.row = spec.method = rows[place];
        spec.seed = seed;
        spec.id = "0123456789ab";
        spec.out = folder;
        spec.protocols.push_back({probe, probe, version});
        plan.runs.push_back(spec);
        write_record(record(rows[place], place, seed), spec.record_file());
      }
    }
    write_atomically(folder / "plan.json", plan_to_json(plan).dump());
  }
};

}  // namespace sslbench
