// SPDX-License-Identifier: Apache-2.0
// How often the gate is wrong, by simulation with fixed seeds: suites of 40 cells, sigma 0.3 points, margin 0.5 points,
// 20 runs of history. One-sided intervals of the counted rates are far from the limits that are asserted.
#include <gtest/gtest.h>

#include "reports/gate.h"
#include "reports/hypothesis_tests.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

constexpr int kCells = 40, kSuites = 1500;
constexpr double kSigma = 0.003;

// Numbers that nobody else draws.
class Draws {
 public:
  explicit Draws(uint32_t stream) : stream_(stream) {}
  double normal() { return sample_normal(stream_, next_++); }

 private:
  uint32_t stream_, next_ = 0;
};

SnapshotCell cell_of(int number, const std::string& unit) {
  SnapshotCell cell;
  cell.row = "row" + std::to_string(number);
  cell.protocol = unit == "1" ? "linear_probe" : "pretrain";
  cell.metric = unit == "1" ? "top1" : "throughput";
  cell.split = "test";
  cell.unit = unit;
  cell.direction = "higher";
  return cell;
}

template <class Value>
Snapshot suite_of(int runs, int64_t first_seed, const std::string& unit, Value value) {
  Snapshot out;
  out.suite = "simulated";
  out.created = "2026-01-01T00:00:00Z";
  out.build_type = "Release";
  for (int c = 0; c < kCells; ++c) {
    SnapshotCell cell = cell_of(c, unit);
    for (int run = 0; run < runs; ++run) cell.by_seed[first_seed + run] = value(c);
    out.cells.push_back(cell);
  }
  return out;
}

const std::vector<GateRule> kRules = {{"linear_probe", "top1", 0.5, "points"},
                                      {"pretrain", "throughput", 3, "percent"}};

struct Rates {
  double suites_alarmed = 0, planted_found = 0;
};

// `drop` is planted in cell 0; `confirm_runs` 0 = single stage.
Rates simulate(uint32_t stream, int history_runs, int new_runs, int confirm_runs, double drop) {
  Draws draws(stream);
  int alarmed = 0, found = 0;
  for (int suite = 0; suite < kSuites; ++suite) {
    History history;
    const auto unchanged = [&](int) { return 0.9 + kSigma * draws.normal(); };
    const auto changed = [&](int c) { return 0.9 + kSigma * draws.normal() - (c == 0 ? drop : 0); };
    history.runs = {suite_of(history_runs, 1000, "1", unchanged)};
    GateReport report = judge(suite_of(new_runs, 0, "1", changed), history, kRules);
    if (confirm_runs > 0 && report.suspects > 0) confirm(report, suite_of(confirm_runs, 500, "1", changed));
    bool others = false;
    for (size_t c = 0; c < report.cells.size(); ++c) {
      const bool regressed = report.cells[c].verdict == Verdict::regressed;
      if (c == 0 && drop > 0) {
        found += regressed;
      } else {
        others = others || regressed;
      }
    }
    alarmed += others;
  }
  const Rates rates{static_cast<double>(alarmed) / kSuites, static_cast<double>(found) / kSuites};
  const std::string name = "stream" + std::to_string(stream);
  testing::Test::RecordProperty(name + "_alarmed", std::to_string(rates.suites_alarmed));
  testing::Test::RecordProperty(name + "_found", std::to_string(rates.planted_found));
  return rates;
}

TEST(GateSimulationTest, UnchangedSuitesRaiseNoAlarm) {
  EXPECT_LE(simulate(1, 20, 3, 3, 0).suites_alarmed, 0.01);
  EXPECT_LE(simulate(2, 20, 3, 0, 0).suites_alarmed, 0.01);
  EXPECT_LE(simulate(3, 10, 3, 3, 0).suites_alarmed, 0.01);
  EXPECT_LE(simulate(4, 10, 3, 0, 0).suites_alarmed, 0.01);
}

TEST(GateSimulationTest, AOnePointDropIsFound) {
  const Rates confirmed = simulate(5, 20, 3, 3, 0.01);
  EXPECT_GE(confirmed.planted_found, 0.95);
  EXPECT_LE(confirmed.suites_alarmed, 0.01);
  EXPECT_GE(simulate(6, 20, 5, 0, 0.01).planted_found, 0.95) << "five new runs need no second stage";
  EXPECT_GE(simulate(7, 20, 3, 0, 0.01).planted_found, 0.75) << "three alone are weaker: hence --confirm";
}

// Throughput of one process: the median of block means over steps whose noise is AR(1).
std::vector<double> steps_of(Draws& draws, double phi, int steps) {
  std::vector<double> out;
  double noise = draws.normal();
  for (int step = 0; step < steps; ++step) {
    noise = phi * noise + std::sqrt(1 - phi * phi) * draws.normal();
    out.push_back(1000 + 50 * noise);
  }
  return out;
}

double process_value(const std::vector<double>& steps) {
  std::vector<double> blocks;
  const size_t size = steps.size() / 10;
  for (size_t b = 0; b < 10; ++b) {
    const auto first = steps.begin() + static_cast<std::ptrdiff_t>(b * size);
    blocks.push_back(mean(std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size))));
  }
  return quantile(blocks, 0.5);
}

TEST(GateSimulationTest, UnderStepNoiseTheProcessIsTheSample) {
  Draws draws(8);
  constexpr int kNoisySuites = 120, kSteps = 60;
  int alarmed = 0, fooled = 0, tests = 0;
  for (int suite = 0; suite < kNoisySuites; ++suite) {
    const auto process = [&](int) { return process_value(steps_of(draws, 0.9, kSteps)); };
    History history;
    history.runs = {suite_of(10, 1000, "images/s", process)};
    alarmed += judge(suite_of(3, 0, "images/s", process), history, kRules).count(Verdict::regressed) > 0;
    for (int pair = 0; pair < 4; ++pair, ++tests) {  // what a test over steps would have said
      fooled += welch_t(steps_of(draws, 0.9, kSteps), steps_of(draws, 0.9, kSteps)).p < 0.05;
    }
  }
  RecordProperty("fooled_share", std::to_string(static_cast<double>(fooled) / tests));
  EXPECT_LE(alarmed, 1);
  EXPECT_GE(fooled, tests / 4);
}

}  // namespace
}  // namespace sslbench
