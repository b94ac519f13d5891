// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/gate/broken_record.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::vector<GateRule> kRules = {{"knn", "top1", 0.5, "points"}, {"pretrain", "throughput", 5, "percent"}};

// One row with these values, seeds from `first`, recorded on `day` of October.
Snapshot night_of(const std::vector<double>& values, int64_t first, int day, const std::string& unit = "1") {
  Snapshot out;
  out.suite = "nightly";
  out.created = "2026-10-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00Z";
  out.build_type = "Release";
  out.machine_class = "machine A";
  SnapshotCell cell;
  cell.row = "simclr";
  cell.protocol = unit == "1" ? "knn" : "pretrain";
  cell.metric = unit == "1" ? "top1" : "throughput";
  cell.split = "test";
  cell.unit = unit;
  cell.kind = unit == "1" ? MetricKind::score : MetricKind::cost;
  cell.direction = "higher";
  cell.n = 2048;
  for (const double value : values) cell.by_seed[first++] = value;
  out.cells = {cell};
  return out;
}

History thirty_nights(const std::vector<double>& values) {
  History history;
  for (int day = 1; day <= 30; ++day) history.runs.push_back(night_of(values, 0, day));
  return history;
}

GateCell judged(const Snapshot& now, const History& history) { return judge(now, history, kRules).cells.at(0); }

std::vector<double> moved(std::vector<double> values, double by) {
  for (double& value : values) value += by;
  return values;
}

const std::vector<double> kThree = {0.90, 0.905, 0.894};

TEST(GateTest, ADropOnSeedsThatRepeatIsARegression) {
  const GateCell cell = judged(night_of(moved(kThree, -0.5), 0, 31), thirty_nights(kThree));
  EXPECT_EQ(cell.verdict, Verdict::regressed) << cell.reason;
  EXPECT_TRUE(cell.same_seeds);
  EXPECT_THAT(cell.reason, HasSubstr("same seeds"));
  EXPECT_NEAR(cell.drop, 0.5, 1e-12);
  EXPECT_EQ(judged(night_of(moved(kThree, 0.5), 0, 31), thirty_nights(moved(kThree, -0.4))).verdict, Verdict::improved);
}

TEST(GateTest, OneSeedAndTwoAreEnoughForAGreatDrop) {
  EXPECT_EQ(judged(night_of({0.4}, 0, 31), thirty_nights({0.9})).verdict, Verdict::regressed);
  EXPECT_EQ(judged(night_of({0.4, 0.41}, 0, 31), thirty_nights({0.9, 0.895})).verdict, Verdict::regressed);
  EXPECT_EQ(judged(night_of({0.885}, 0, 31), thirty_nights({0.9})).verdict, Verdict::inconclusive)
      << "1.5 points of 2,048 images are noise";
}

TEST(GateTest, ANewSeedAmongRepeatingOnesHidesNothing) {
  std::vector<double> four = moved(kThree, -0.5);
  four.push_back(0.4);
  const GateCell cell = judged(night_of(four, 0, 31), thirty_nights(kThree));
  EXPECT_EQ(cell.verdict, Verdict::regressed);
  EXPECT_EQ(cell.fresh.size(), 3u);
}

TEST(GateTest, RecordedFirstItIsStillTheCodesDoing) {
  History history = thirty_nights(kThree);
  history.runs.push_back(night_of(moved(kThree, -0.5), 0, 31));
  EXPECT_EQ(judged(history.runs.back(), history).verdict, Verdict::regressed);
}

TEST(GateTest, SeedsThatComeAgainAreNamedAsWhyHistoryIsShort) {
  const GateCell small = judged(night_of(moved(kThree, -0.004), 0, 31), thirty_nights(kThree));
  EXPECT_EQ(small.verdict, Verdict::inconclusive);
  EXPECT_THAT(small.reason, HasSubstr("rotate the seeds (--seeds)"));
  const GateCell others = judged(night_of(moved(kThree, -0.5), 7, 31), thirty_nights(kThree));
  EXPECT_EQ(others.verdict, Verdict::inconclusive);
  EXPECT_THAT(others.reason, AllOf(HasSubstr("seeds 0, 1, 2 come again in 30 records"), HasSubstr("7 other runs")));
}

// Bits differ between machines: there another value is nobody's doing.
TEST(GateTest, OnlyRepeatsOfTheSameMachineArePairs) {
  Snapshot now = night_of(moved(kThree, -0.5), 0, 31);
  now.machine_class = "machine B";
  EXPECT_EQ(judged(now, thirty_nights(kThree)).verdict, Verdict::inconclusive);
  History two = thirty_nights(kThree);
  two.runs.resize(2);
  EXPECT_EQ(judged(night_of(moved(kThree, -0.5), 0, 31), two).verdict, Verdict::inconclusive)
      << "two records may agree by chance";
}

TEST(GateTest, UnchangedRepeatsAreTheSame) {
  const GateCell cell = judged(night_of(kThree, 0, 31), thirty_nights(kThree));
  EXPECT_EQ(cell.verdict, Verdict::same);
  EXPECT_THAT(cell.marks, ::testing::Contains("bit-identical"));
}

// Twenty nights of one run and other seeds each, the tenth of which is off.
History rotated(const std::string& unit, double level, double noise, double broken) {
  History history;
  for (int day = 1; day <= 20; ++day) {
    const double value = day == 10 ? broken : level + noise * sample_normal(7, static_cast<uint32_t>(day));
    history.runs.push_back(night_of({value}, 100 + day, day, unit));
  }
  return history;
}

TEST(GateTest, OneBrokenRecordHidesNoDrop) {
  for (const double broken : {0.1, 0.0, 0.5, 1e300, -1.0}) {
    const GateCell cell = judged(night_of({0.87, 0.871, 0.869}, 0, 31), rotated("1", 0.9, 0.003, broken));
    EXPECT_EQ(cell.verdict, Verdict::regressed) << cell.reason;
    EXPECT_EQ(cell.history.size(), 19u);
    EXPECT_THAT(cell.marks, ::testing::Contains(HasSubstr("2026-10-10")));
  }
  EXPECT_EQ(judged(night_of({0.9, 0.901, 0.899}, 0, 31), rotated("1", 0.9, 0.003, 0.1)).verdict, Verdict::same);
}

TEST(GateTest, OneBrokenNightHidesNoSlowdown) {
  const GateCell cell = judged(night_of({800, 801, 799}, 0, 31, "images/s"), rotated("images/s", 1000, 5, 200));
  EXPECT_EQ(cell.verdict, Verdict::regressed) << cell.reason;
  EXPECT_EQ(cell.nights.size(), 19u);
}

TEST(GateTest, ANullInHistoryIsNoValueAndHidesNothing) {
  nlohmann::json night = snapshot_to_json(night_of({0.9, 0.91}, 3, 1));
  night.at("cells").at(0).at("by_seed").at("4") = nullptr;
  EXPECT_EQ(snapshot_from_json(night, "night.json").cells.at(0).values(), std::vector<double>{0.9});
}

TEST(GateTest, RunsOfOneNightAreOneSampleOfACost) {
  History history;
  std::vector<double> runs;
  for (int run = 0; run < 20; ++run) runs.push_back(1000 + run % 3);
  history.runs = {night_of(runs, 100, 1, "images/s")};
  const GateCell cell = judged(night_of({800, 801, 799}, 0, 31, "images/s"), history);
  EXPECT_EQ(cell.verdict, Verdict::inconclusive);
  EXPECT_THAT(cell.reason, HasSubstr("20 comparable runs of 1 night; 3 more nights would do"));
}

TEST(BrokenRecordTest, NoiseIsLeftAlone) {
  int taken = 0;
  for (uint32_t history = 0; history < 2000; ++history) {
    std::vector<PastRuns> past;
    for (uint32_t night = 0; night < 12; ++night) {
      past.push_back({"x", {0.5 + 0.05 * sample_normal(300 + history, night)}});
    }
    taken += !take_out_broken(past, false).empty();
  }
  EXPECT_LE(taken, 2);
}

TEST(BrokenRecordTest, OneRunOfANightIsTakenOutAndTwoRecordsAreNot) {
  std::vector<PastRuns> past{{"a", {}}};
  for (uint32_t run = 0; run < 12; ++run) past[0].values.push_back(0.9 + 0.003 * sample_normal(9, run));
  past[0].values[5] = 0.1;
  EXPECT_EQ(take_out_broken(past, false), "a");
  EXPECT_EQ(past[0].values.size(), 11u);
  past[0].values[2] = 0.1;
  past[0].values[7] = 0.12;
  EXPECT_EQ(take_out_broken(past, false), "") << "two are how this history is";
}

TEST(GateTest, ARuleForAMetricThatIsUndefinedSaysWhy) {
  Snapshot now;
  now.suite = "s";
  now.undefined["detection.ap50"] = "no box in the test images";
  const GateReport report =
      judge(now, {}, {{"detection", "ap50", 0.5, "points"}, {"detection", "ap75", 0.5, "points"}});
  ASSERT_EQ(report.cells.size(), 2u);
  EXPECT_EQ(report.cells[0].verdict, Verdict::missing);
  EXPECT_EQ(report.cells[0].reason, "undefined: no box in the test images");
  EXPECT_NE(report.cells[1].reason.find("no run measured"), std::string::npos);
}

TEST(GateTest, AUnitThatChangedIsIncomparableWhateverTheRuleIsIn) {
  Snapshot now = night_of(kThree, 0, 31);
  now.cells[0].unit = "s";
  now.cells[0].kind = MetricKind::cost;
  const GateCell cell = judged(now, thirty_nights(kThree));
  EXPECT_EQ(cell.verdict, Verdict::incomparable);
  EXPECT_THAT(cell.reason, HasSubstr("unit"));
}

TEST(GateTest, AShortHistoryOfTheSameSeedsAsksForOthers) {
  History one;
  one.runs.push_back(night_of(kThree, 0, 1));
  EXPECT_THAT(judged(night_of(moved(kThree, -0.5), 0, 31), one).reason, HasSubstr("seeds 0, 1, 2 of now"));
  EXPECT_THAT(judged(night_of(moved(kThree, -0.5), 3, 31), one).reason, HasSubstr("more would do"));
}

}  // namespace
}  // namespace sslbench
