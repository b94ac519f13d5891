// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/ab_report.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Rounds whose new run costs `factor` times the old one, give or take a noise that sums to nothing.
AbRow row_of(const std::string& name, int rounds, double factor, double noise = 0.01) {
  AbRow out{name, {}, ""};
  for (int round = 0; round < rounds; ++round) {
    const double off = 1 + (round % 2 == 0 ? noise : -noise);
    AbRun before{1, 1000, 1e8, kNone, {{1, 2, 3}, {4, 3, 2}}}, after = before;
    after.cpu_per_image *= factor * off;
    after.images_per_second /= factor * off;
    out.rounds.push_back({before, after});
  }
  return out;
}

AbInput input_of(std::vector<AbRow> rows) {
  AbInput out;
  out.suite = "mine";
  out.old_side.name = "build/old";
  out.new_side.name = "this";
  out.rows = std::move(rows);
  out.margin = 1;
  return out;
}

const AbCost& cost(const AbReport& report, const std::string& row, const std::string& measure) {
  for (const AbCost& each : report.costs) {
    if (each.row == row && each.measure == measure) return each;
  }
  throw std::runtime_error("no cost " + measure + " of " + row);
}

// Results of two rows and so many seeds, the new ones worse by `drop`.
AbInput with_results(double drop, int64_t seeds) {
  AbInput out = input_of({});
  TrackedResults before, after;
  before.seeds = after.seeds = seeds;
  after.changed_row = "byol";
  after.top1_drop = drop;
  for (auto [results, side] : {std::pair(&before, &out.old_side), std::pair(&after, &out.new_side)}) {
    std::vector<Record> records;
    for (int64_t seed = 0; seed < seeds; ++seed) records.push_back(results->record("byol", 0, seed));
    side->results = snapshot_of("tracked", records, {});
  }
  return out;
}

TEST(AbReportTest, ASlowerBuildIsARegressionOfTimeAndNotOfMemory) {
  const AbReport report = judge_ab(input_of({row_of("simclr", 12, 1.05)}));
  const AbCost& time = cost(report, "simclr", "pretrain.cpu_per_image");
  EXPECT_EQ(time.verdict, Verdict::regressed);
  EXPECT_NEAR(time.ratio.ratio, 1.05, 0.002);
  EXPECT_LT(time.ratio.interval.low, 1.05);
  EXPECT_GT(time.ratio.interval.high, 1.05);
  EXPECT_EQ(cost(report, "simclr", "pretrain.throughput").verdict, Verdict::regressed);
  EXPECT_EQ(cost(report, "simclr", "pretrain.peak_memory").verdict, Verdict::same);
  EXPECT_EQ(report.count(Verdict::regressed), 2u);
}

TEST(AbReportTest, AFasterBuildIsAnImprovement) {
  const AbReport report = judge_ab(input_of({row_of("simclr", 12, 0.9)}));
  EXPECT_EQ(report.count(Verdict::regressed), 0u);
  EXPECT_EQ(cost(report, "simclr", "pretrain.cpu_per_image").verdict, Verdict::improved);
}

TEST(AbReportTest, WhatNoiseMayGiveIsInconclusiveAndSaysHowManyRoundsWouldDecide) {
  const AbReport report = judge_ab(input_of({row_of("simclr", 4, 1.05, 0.08)}));
  const AbCost& time = cost(report, "simclr", "pretrain.cpu_per_image");
  EXPECT_EQ(time.verdict, Verdict::inconclusive);
  EXPECT_THAT(time.reason, HasSubstr("rounds would decide"));
}

TEST(AbReportTest, AChangeBelowTheMarginIsTheSameHoweverSureItIs) {
  const AbReport report = judge_ab(input_of({row_of("simclr", 50, 1.005, 0.001)}));
  EXPECT_EQ(cost(report, "simclr", "pretrain.cpu_per_image").verdict, Verdict::same);
}

TEST(AbReportTest, AllRowsTogetherAreTheMeanOfTheirLogRatios) {
  const AbReport report = judge_ab(input_of({row_of("byol", 12, 1.1), row_of("simclr", 12, 1 / 1.1)}));
  EXPECT_NEAR(cost(report, kAllRows, "pretrain.cpu_per_image").ratio.ratio, 1, 0.001);
  EXPECT_EQ(cost(report, "byol", "pretrain.cpu_per_image").verdict, Verdict::regressed);
  EXPECT_EQ(cost(report, "simclr", "pretrain.cpu_per_image").verdict, Verdict::improved);
}

TEST(AbReportTest, ARowThatTrainsNothingHasNoCosts) {
  AbRow frozen{"random_init", {}, ""};
  frozen.rounds.assign(3, {{kNone, kNone, kNone, kNone, {}}, {kNone, kNone, kNone, kNone, {}}});
  const AbReport report = judge_ab(input_of({frozen}));
  EXPECT_TRUE(report.costs.empty());
  EXPECT_TRUE(report.curves.empty());
}

TEST(AbReportTest, AWorseResultOnTheSameSeedsIsARegression) {
  EXPECT_EQ(judge_ab(with_results(0.02, 12)).count(Verdict::regressed), 1u);
  EXPECT_EQ(judge_ab(with_results(0, 12)).count(Verdict::regressed), 0u);
}

TEST(AbReportTest, CostsOfWholeRunsAreNotJudgedTwice) {
  for (const ComparedCell& cell : judge_ab(with_results(0, 3)).results.cells) EXPECT_FALSE(cell.base.is_cost());
}

TEST(LossCurvesTest, EqualCurvesAreEqualBitByBit) {
  const LossCurves curves = loss_curves_of(row_of("simclr", 3, 1));
  EXPECT_EQ(curves.between.points, 9u);
  EXPECT_EQ(curves.between.parted, -1);
}

TEST(LossCurvesTest, TheLargestDifferenceAndTheFirstAreFoundAtEqualStepsAlone) {
  AbRow row = row_of("simclr", 2, 1);
  row.rounds[1].new_run.loss = {{0, 2, 3, 9}, {7, 3.003, 2.2, 7}};
  const CurveDistance far = loss_curves_of(row).between;
  EXPECT_EQ(far.points, 5u);
  EXPECT_EQ(far.parted, 2);
  EXPECT_EQ(far.step, 3);
  EXPECT_NEAR(far.largest, 0.2 / 2.2, 1e-12);
}

TEST(LossCurvesTest, ALossThatIsNoNumberIsAsFarAsCanBe) {
  AbRow row = row_of("simclr", 1, 1);
  row.rounds[0].new_run.loss.value[1] = kNone;
  EXPECT_EQ(loss_curves_of(row).between.largest, 2);
}

TEST(AbTextTest, EveryLineFitsTheTerminalAndWhatIsUnchangedIsShown) {
  AbInput input = input_of({row_of("simclr", 12, 1.05), row_of("a_row_with_a_long_name_indeed", 12, 1)});
  input.rows[0].failure = "the build this failed (exit code 3)";
  const AbReport report = judge_ab(std::move(input));
  for (const size_t width : {80, 120}) {
    std::istringstream lines(ab_terminal(report, {width, false}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), width) << line;
  }
  const std::string text = ab_terminal(report, {120, false});
  EXPECT_THAT(text, HasSubstr("pretrain.peak_memory"));
  EXPECT_THAT(text, HasSubstr("1.0499 ["));
  EXPECT_THAT(text, HasSubstr("failed: simclr: the build this failed"));
  EXPECT_THAT(text, HasSubstr("loss curves at 36 equal steps: equal, bit by bit"));
}

TEST(AbTextTest, MarkdownAndJsonSayTheSame) {
  const AbReport report = judge_ab(input_of({row_of("simclr", 12, 1.05)}));
  const std::string markdown = ab_markdown(report);
  EXPECT_THAT(markdown, HasSubstr("❌ 2 regressed"));
  EXPECT_THAT(markdown, HasSubstr("| `simclr` | `pretrain.cpu_per_image` ↓ | ❌ regressed"));
  const nlohmann::json json = ab_json(report);
  EXPECT_EQ(json.at("schema"), "sslbench.ab/1");
  EXPECT_EQ(json.at("counts").at("regressed"), 2);
  EXPECT_EQ(json.at("costs").at(0).at("rounds"), 12);
  EXPECT_TRUE(json.at("loss_curves").at(0).at("first_different_step").is_null());
}

}  // namespace
}  // namespace sslbench
