// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <sstream>

#include "reports/gate/gate_text.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

GateCell cell(const std::string& row, const std::string& metric, Verdict verdict, MetricKind kind = MetricKind::score) {
  GateCell out;
  out.cell.row = row, out.cell.protocol = "linear_probe", out.cell.metric = metric;
  out.cell.unit = "1", out.cell.direction = "higher", out.cell.kind = kind;
  out.verdict = verdict;
  out.history = {0.487, 0.488}, out.fresh = {0.451};
  out.history_mean = 0.4875, out.fresh_mean = 0.451;
  out.change = {-0.045, -0.028};
  out.rule = {"linear_probe", metric, 2, "points"};
  return out;
}

GateReport report() {
  GateReport out;
  out.suite = "mine", out.revision = "0123456789abcdef", out.history_runs = 12;
  out.cells = {cell("simclr", "speed", Verdict::regressed, MetricKind::cost), cell("simclr", "top5", Verdict::same),
               cell("simclr", "top1", Verdict::regressed),
               cell("a_row_with_a_very_long_name_indeed", "top1", Verdict::missing)};
  out.cells[3].reason =
      "no run of it ended well, so that nothing can be said about it; see the log of the run that failed";
  return out;
}

size_t longest_line(const std::string& text) {
  size_t out = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out = std::max(out, columns_of(line));
  return out;
}

TEST(GateTerminalTest, ResultsComeBeforeCostsAndWhatIsUnchangedIsCounted) {
  const std::string text = gate_terminal(report(), {100, false});
  EXPECT_THAT(text, HasSubstr("sslbench mine: 2 regressed, 1 missing, 1 same\n"));
  EXPECT_LT(text.find("linear_probe.top1"), text.find("linear_probe.speed"));
  EXPECT_THAT(text, HasSubstr("48.75 % (2) → 45.10 % (1); margin 2.00 points"));
  EXPECT_THAT(text, HasSubstr("1 cell unchanged"));
  EXPECT_THAT(text, Not(HasSubstr("top5")));
}

TEST(GateTerminalTest, WhatMayBeMeantIsToldHowToAccept) {
  GateReport red = report(), green = report();
  green.cells = {cell("simclr", "top5", Verdict::same),
                 cell("simclr", "speed", Verdict::incomparable, MetricKind::cost)};
  for (const auto& text : {gate_terminal(red, {200, false}), gate_markdown(red)}) {
    EXPECT_THAT(text, HasSubstr("Where this is meant: sslbench history accept"));
  }
  for (const auto& text : {gate_terminal(green, {200, false}), gate_markdown(green)}) {
    EXPECT_THAT(text, Not(HasSubstr("Where this is meant"))) << "costs of another machine are nothing to accept";
  }
}

TEST(GateTerminalTest, TurnsDoubleTheFalseAlarmsThatAreTold) {
  GateReport turns = report();
  EXPECT_THAT(gate_markdown(turns), Not(HasSubstr("two in a hundred")));
  turns.cells[0].other_machine = true;
  EXPECT_THAT(gate_markdown(turns), HasSubstr("two in a hundred for both"));
}

TEST(GateTerminalTest, FitsTheTerminal) {
  for (const size_t width : {60, 80, 120}) EXPECT_LE(longest_line(gate_terminal(report(), {width, false})), width);
}

TEST(GateTerminalTest, CostsThatCannotBeDecidedForOneReasonShareALine) {
  GateReport out = report();
  for (const char* row : {"byol", "simclr"}) {
    for (const char* metric : {"wall_time", "cpu_time"}) {
      out.cells.push_back(cell(row, metric, Verdict::inconclusive, MetricKind::cost));
      out.cells.back().reason = "one seed a side";
    }
  }
  out.cells.push_back(cell("byol", "energy", Verdict::inconclusive, MetricKind::cost));
  out.cells.back().reason = "of another machine";
  const std::string text = gate_terminal(out, {100, false});
  EXPECT_THAT(text, HasSubstr("5 inconclusive")) << "all are counted";
  EXPECT_THAT(text, AllOf(HasSubstr("2 rows"), HasSubstr("4 costs"), Not(HasSubstr("wall_time"))));
  EXPECT_THAT(text, HasSubstr("linear_probe.energy"));
}

TEST(GateTerminalTest, OneCostOfManyRowsThatCannotBeComparedKeepsItsName) {
  GateReport out = report();
  for (const char* row : {"byol", "simclr", "mae"}) {
    out.cells.push_back(cell(row, "throughput", Verdict::incomparable, MetricKind::cost));
    out.cells.back().reason = "of another machine";
  }
  const std::string text = gate_terminal(out, {100, false});
  EXPECT_THAT(text, HasSubstr("incomparable  3 rows                        linear_probe.throughput\n    of another"));
  EXPECT_THAT(text, AllOf(HasSubstr("3 incomparable"), Not(HasSubstr("byol"))));
}

TEST(GateTerminalTest, SingleClassesThatCannotBeDecidedForOneReasonShareALine) {
  GateReport out = report();
  for (const char* metric : {"ap50/cat", "ap50/dog", "ap50/owl"}) {
    out.cells.push_back(cell("simclr", metric, Verdict::inconclusive));
    out.cells.back().reason = "one seed a side";
  }
  EXPECT_THAT(gate_terminal(out, {100, false}), AllOf(HasSubstr("3 single classes"), Not(HasSubstr("ap50/dog"))));
}

TEST(GateTerminalTest, ColoursOnlyWhereTheyAreWanted) {
  EXPECT_THAT(gate_terminal(report(), {80, true}), HasSubstr("\033[31mregressed\033[0m"));
  EXPECT_THAT(gate_terminal(report(), {80, false}), Not(HasSubstr("\033")));
}

TEST(GateTerminalTest, NamesOfOthersCannotSteerTheTerminal) {
  GateReport hostile = report();
  hostile.cells[0].cell.row = "\033[2J";
  EXPECT_THAT(gate_terminal(hostile, {80, false}), Not(HasSubstr("\033")));
}

TEST(ComparisonTerminalTest, SaysWhatChangedAndWhatIsOnlyNew) {
  SnapshotComparison comparison;
  comparison.base.revision = "aaaaaaaaaaaaaaaa", comparison.now.revision = "bbbbbbbbbbbbbbbb";
  ComparedCell changed;
  changed.base = changed.now = cell("simclr", "top1", Verdict::improved).cell;
  changed.verdict = Verdict::improved;
  changed.base_mean = 0.4, changed.new_mean = 0.5, changed.change = 0.1, changed.interval = {0.05, 0.15};
  comparison.cells = {changed};
  comparison.only_new = {"byol/linear_probe.top1"};
  const std::string text = comparison_terminal(comparison, {80, false});
  EXPECT_THAT(text, HasSubstr("sslbench compare: 1 improved\naaaaaaaaaaaa → bbbbbbbbbbbb\n"));
  EXPECT_THAT(text, HasSubstr("improved  simclr  linear_probe.top1 ↑  +10.00 points [+5.00, +15.00]"));
  EXPECT_THAT(text, HasSubstr("only in the new results: byol/linear_probe.top1"));
}

}  // namespace
}  // namespace sslbench
