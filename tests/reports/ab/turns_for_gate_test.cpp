// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/turns_for_gate.h"

#include <gmock/gmock.h>

#include <limits>

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

GateCell cell(const std::string& row, const std::string& protocol, const std::string& metric, double margin = 5) {
  GateCell out;
  out.cell.row = row, out.cell.protocol = protocol, out.cell.metric = metric;
  out.cell.unit = "images/s", out.cell.direction = "higher", out.cell.kind = MetricKind::cost;
  out.rule = {protocol, metric, margin, "percent"};
  out.verdict = Verdict::incomparable;
  out.reason = "machine class 'A' → 'B'";
  out.other_machine = true;
  return out;
}

// Twelve rounds whose new run trains `factor` times as many images a second.
AbRow row_of(const std::string& name, double factor) {
  AbRow out{name, {}, ""};
  for (int round = 0; round < 12; ++round) {
    const AbRun before{1, 1000, 1e8, std::numeric_limits<double>::quiet_NaN(), {}};
    AbRun after = before;
    after.images_per_second *= factor * (round % 2 == 0 ? 1.002 : 0.998);
    out.rounds.push_back({before, after});
  }
  return out;
}

AbInput measured(std::vector<AbRow> rows) {
  AbInput out;
  out.old_side.name = "build/old";
  out.rows = std::move(rows);
  return out;
}

TEST(TurnsForGateTest, OnlyCostsOfTrainingThatAnotherMachineHoldsAreMeasured) {
  GateReport report;
  report.cells = {cell("simclr", "pretrain", "throughput"), cell("simclr", "pretrain", "peak_memory_process"),
                  cell("byol", "knn", "wall_time"),         cell("mae", "pretrain", "throughput"),
                  cell("dino", "pretrain", "throughput"),   cell("vicreg", "pretrain", "throughput")};
  report.cells[3].other_machine = false;
  report.cells[4].rule.unit = "points";
  report.cells[5].verdict = Verdict::same;
  EXPECT_THAT(rows_for_turns(report), ElementsAre("simclr"));
  report.cells.erase(report.cells.begin(), report.cells.begin() + 2);
  EXPECT_THAT(rows_for_turns(report), IsEmpty());
}

TEST(TurnsForGateTest, TurnsDecideAtTheMarginOfTheRule) {
  GateReport report;
  report.cells = {cell("simclr", "pretrain", "throughput", 5), cell("byol", "pretrain", "throughput", 20),
                  cell("byol", "knn", "wall_time")};
  settle_by_turns(report, measured({row_of("simclr", 0.9), row_of("byol", 0.9)}));
  EXPECT_EQ(report.cells[0].verdict, Verdict::regressed);
  EXPECT_THAT(report.cells[0].marks, ElementsAre(HasSubstr("in turns with build/old: 0.9 [")));
  EXPECT_THAT(report.cells[0].marks, ElementsAre(HasSubstr("of its pretrain.throughput in 12 rounds")));
  EXPECT_EQ(report.cells[1].verdict, Verdict::same) << "a tenth is within a fifth";
  EXPECT_THAT(report.cells[1].reason, IsEmpty());
  EXPECT_EQ(report.cells[2].verdict, Verdict::incomparable) << "turns measure training alone";
}

TEST(TurnsForGateTest, ARowThatFailedInTurnsStaysIncomparableAndSaysWhy) {
  GateReport report;
  report.cells = {cell("simclr", "pretrain", "throughput")};
  settle_by_turns(report, measured({{"simclr", {}, "the build build/old failed (signal 9); see a.log"}}));
  EXPECT_EQ(report.cells[0].verdict, Verdict::incomparable);
  EXPECT_THAT(report.cells[0].reason, HasSubstr("'A' → 'B'; in turns the build build/old failed"));
}

}  // namespace
}  // namespace sslbench
