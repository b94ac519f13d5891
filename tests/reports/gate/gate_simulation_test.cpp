// SPDX-License-Identifier: Apache-2.0
// How often the gate is wrong, by simulation with fixed seeds. The tests hold a few of the cases; all of them, with as
// many suites as SSLBENCH_SIMULATIONS says, are printed by
// SSLBENCH_SIMULATIONS=2000 tests_plain --gtest_filter='GateSimulationTest.FullTable'.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "reports/gate/gate.h"
#include "reports/statistics/significance.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

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
  cell.kind = unit == "1" ? MetricKind::score : MetricKind::cost;
  cell.direction = "higher";
  cell.n = 2048;
  return cell;
}

template <class Value>
Snapshot suite_of(int cells, int runs, int64_t first_seed, const std::string& unit, Value value) {
  Snapshot out;
  out.suite = "simulated";
  out.created = "2026-01-01T00:00:00Z";
  out.build_type = "Release";
  for (int c = 0; c < cells; ++c) {
    SnapshotCell cell = cell_of(c, unit);
    for (int run = 0; run < runs; ++run) cell.by_seed[first_seed + run] = value(c);
    out.cells.push_back(cell);
  }
  return out;
}

std::vector<GateRule> result_rules(double margin_in_sigma) {
  return {{"linear_probe", "top1", 100 * margin_in_sigma * kSigma, "points"}};
}

std::vector<GateRule> cost_rules(double percent) { return {{"pretrain", "throughput", percent, "percent"}}; }

struct Case {
  int cells = 40, history = 20, fresh = 3, confirm = 0;
  double margin = 5.0 / 3;  // in sigma: 0.5 points
  double drop = 0;          // planted in cell 0
};

struct Rates {
  double alarmed = 0, found = 0;
};

// The most alarms that a chance of 1 % explains: three standard deviations above it.
double limit(int suites) { return 0.01 + 3 * std::sqrt(0.01 * 0.99 / suites); }

Rates simulate(uint32_t stream, int suites, const Case& world) {
  Draws draws(stream);
  int alarmed = 0, found = 0;
  for (int suite = 0; suite < suites; ++suite) {
    History history;
    const auto unchanged = [&](int) { return 0.9 + kSigma * draws.normal(); };
    const auto changed = [&](int c) { return 0.9 + kSigma * draws.normal() - (c == 0 ? world.drop : 0); };
    history.runs = {suite_of(world.cells, world.history, 1000, "1", unchanged)};
    GateReport report = judge(suite_of(world.cells, world.fresh, 0, "1", changed), history, result_rules(world.margin));
    if (world.confirm > 0 && report.suspects > 0) {
      confirm(report, suite_of(world.cells, world.confirm, 500, "1", changed));
    }
    bool others = false;
    for (size_t c = 0; c < report.cells.size(); ++c) {
      const bool regressed = report.cells[c].verdict == Verdict::regressed;
      if (c == 0 && world.drop > 0) {
        found += regressed;
      } else {
        others = others || regressed;
      }
    }
    alarmed += others;
  }
  return {static_cast<double>(alarmed) / suites, static_cast<double>(found) / suites};
}

// Fault matrix: 64
TEST(GateSimulationTest, UnchangedSuitesRaiseNoAlarm) {
  uint32_t stream = 1;
  for (const Case& world : {Case{40, 20, 3, 3}, Case{40, 20, 3, 0}, Case{40, 10, 3, 3}, Case{40, 10, 3, 0}}) {
    EXPECT_LE(simulate(stream++, 1500, world).alarmed, 0.01);
  }
}

// History's own error sits in both stages: a second one that believes it anew is wrong most where margins are small,
// history is short and cells are many.
TEST(GateSimulationTest, ConfirmationKeepsThePromiseWhateverMarginHistoryAndCells) {
  uint32_t stream = 20;
  for (const double margin : {0.0, 0.5, 2.0}) {
    for (const int history : {10, 50}) {
      for (const auto& [cells, suites] : {std::pair{10, 1000}, {40, 500}, {200, 100}}) {
        const Case world{cells, history, 3, 3, margin};
        EXPECT_LE(simulate(stream++, suites, world).alarmed, limit(suites))
            << "margin " << margin << ", history " << history << ", cells " << cells;
      }
    }
  }
}

// Fault matrix: 64
TEST(GateSimulationTest, AOnePointDropIsFound) {
  const Rates confirmed = simulate(5, 1500, {40, 20, 3, 3, 5.0 / 3, 0.01});
  EXPECT_GE(confirmed.found, 0.95);
  EXPECT_LE(confirmed.alarmed, 0.01);
  EXPECT_GE(simulate(6, 1500, {40, 20, 5, 0, 5.0 / 3, 0.01}).found, 0.95) << "five new runs need no second stage";
  EXPECT_GE(simulate(7, 1500, {40, 20, 3, 0, 5.0 / 3, 0.01}).found, 0.75) << "three alone are weaker: hence --confirm";
}

// Nights of a machine: what they share with the night before and with all rows, beside the noise of single runs.
struct Machine {
  double memory = 0.8, night = 0.02, row = 0.01, run = 0.005;
};

// Whether any of `cells` costs of an unchanged suite is called regressed after `nights` nights of three runs.
bool costs_alarm(Draws& draws, int cells, int nights, const Machine& machine) {
  std::vector<double> rows(static_cast<size_t>(cells));
  double common = draws.normal();
  for (double& row : rows) row = draws.normal();
  const auto next = [&](double& state) {
    state = machine.memory * state + std::sqrt(1 - machine.memory * machine.memory) * draws.normal();
  };
  History history;
  Snapshot now;
  for (int night = 0; night <= nights; ++night) {
    next(common);
    for (double& row : rows) next(row);
    const auto value = [&](int c) {
      return 1000 *
             (1 + machine.night * common + machine.row * rows[static_cast<size_t>(c)] + machine.run * draws.normal());
    };
    now = suite_of(cells, 3, 3 * night, "images/s", value);
    if (night < nights) history.runs.push_back(now);
  }
  return judge(now, history, cost_rules(1)).count(Verdict::regressed) > 0;
}

double costs_alarmed(uint32_t stream, int suites, int cells, int nights, const Machine& machine) {
  Draws draws(stream);
  int alarmed = 0;
  for (int suite = 0; suite < suites; ++suite) alarmed += costs_alarm(draws, cells, nights, machine);
  return static_cast<double>(alarmed) / suites;
}

// Fault matrix: 64
TEST(GateSimulationTest, CostsOfNightsThatShareAMachineRaiseNoAlarm) {
  uint32_t stream = 100;
  for (const double memory : {0.0, 0.5, 0.8}) {
    for (const int nights : {10, 20}) {
      for (const double row : {0.0, 0.02}) {
        const Machine machine{memory, 0.02, row, 0.005};
        EXPECT_LE(costs_alarmed(stream++, 400, 10, nights, machine), limit(400)) << memory << " " << nights;
      }
    }
  }
}

// Fixed seeds, and a commit that only reshuffles bits: every run draws its training noise anew, once.
double reshuffles_alarmed(uint32_t stream, int suites, int cells, int seeds) {
  Draws draws(stream);
  int alarmed = 0;
  for (int suite = 0; suite < suites; ++suite) {
    const auto value = [&](int) { return 0.9 + kSigma * draws.normal(); };
    const Snapshot night = suite_of(cells, seeds, 0, "1", value);
    History history;
    history.runs.assign(5, night);
    alarmed += judge(suite_of(cells, seeds, 0, "1", value), history, result_rules(0.5)).count(Verdict::regressed) > 0;
  }
  return static_cast<double>(alarmed) / suites;
}

TEST(GateSimulationTest, ReshuffledBitsOfFixedSeedsRaiseNoAlarm) {
  EXPECT_LE(reshuffles_alarmed(200, 800, 40, 3), limit(800));
  EXPECT_LE(reshuffles_alarmed(201, 800, 10, 2), limit(800));
  EXPECT_LE(reshuffles_alarmed(202, 800, 40, 5), limit(800));
}

TEST(GateSimulationTest, FullTable) {
  const char* asked = std::getenv("SSLBENCH_SIMULATIONS");
  if (asked == nullptr) GTEST_SKIP() << "SSLBENCH_SIMULATIONS=2000 prints it";
  const int suites = std::atoi(asked);
  uint32_t stream = 1000;
  for (const int cells : {10, 40, 200}) {
    for (const int history : {10, 20, 50}) {
      for (const double margin : {0.0, 0.5, 1.0, 2.0}) {
        std::cout << cells << " cells, history " << history << ", margin " << margin << " sigma: alone "
                  << simulate(stream++, suites, {cells, history, 3, 0, margin}).alarmed << ", confirmed "
                  << simulate(stream++, suites, {cells, history, 3, 3, margin}).alarmed << std::endl;
      }
    }
    for (const int nights : {4, 10, 20, 50}) {
      for (const double memory : {0.0, 0.5, 0.8}) {
        std::cout << cells << " costs, " << nights << " nights, memory " << memory << ": "
                  << costs_alarmed(stream++, suites / 4, cells, nights, {memory}) << std::endl;
      }
    }
  }
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
  constexpr int kNoisySuites = 30, kNights = 10, kSteps = 60;
  int alarmed = 0, fooled = 0, tests = 0;
  for (int suite = 0; suite < kNoisySuites; ++suite) {
    const auto process = [&](int) { return process_value(steps_of(draws, 0.9, kSteps)); };
    History history;
    for (int night = 1; night <= kNights; ++night) {
      history.runs.push_back(suite_of(20, 1, 1000 * night, "images/s", process));
    }
    alarmed += judge(suite_of(20, 3, 0, "images/s", process), history, cost_rules(3)).count(Verdict::regressed) > 0;
    for (int pair = 0; pair < 16; ++pair, ++tests) {  // what a test over steps would have said
      fooled += welch_t(steps_of(draws, 0.9, kSteps), steps_of(draws, 0.9, kSteps)).p < 0.05;
    }
  }
  RecordProperty("fooled_share", std::to_string(static_cast<double>(fooled) / tests));
  EXPECT_LE(alarmed, 1);
  EXPECT_GE(fooled, tests / 4);
}

}  // namespace
}  // namespace sslbench
