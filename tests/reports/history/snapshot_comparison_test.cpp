// SPDX-License-Identifier: Apache-2.0
#include "reports/history/snapshot_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/history/compared_pairs.h"
#include "suites/metrics/bootstrap.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

// `right` of 400 images, the first of them, with replicates.
Record run_with(int right, int64_t seed) {
  std::vector<double> hits(400, 0);
  for (int i = 0; i < right; ++i) hits[static_cast<size_t>(i)] = 1;
  Record record = sample_record("simclr", seed, mean(hits));
  record.stages.resize(2);
  record.stages[1].measurements.resize(1);
  record.stages[1].measurements[0].n = 400;
  record.stages[1].replicates["top1"] = bootstrap_mean(hits);
  return record;
}

Snapshot state_of(const std::vector<Record>& records) {
  Snapshot out = snapshot_of("suite", records, {});
  add_replicates(out, records);
  return out;
}

ComparedCell compared(const std::vector<Record>& base, const std::vector<Record>& now) {
  const SnapshotComparison all = compare_snapshots(state_of(base), state_of(now), {});
  for (const ComparedCell& cell : all.cells) {
    if (cell.base.metric == "top1") return cell;
  }
  throw std::out_of_range("top1");
}

TEST(SnapshotComparisonTest, OneSeedASideIsDecidedByItsTestImages) {
  const ComparedCell worse = compared({run_with(300, 0)}, {run_with(260, 0)});
  EXPECT_EQ(worse.verdict, Verdict::regressed) << worse.reason;
  EXPECT_TRUE(worse.paired);
  // 40 images of 400 lost, none won: the standard error of a share of 10 % (mcnemar: b = 40, c = 0).
  EXPECT_NEAR(worse.change, -0.1, 1e-12);
  EXPECT_NEAR(worse.interval.low, -0.1 - 1.96 * 0.015, 0.003);
  EXPECT_NEAR(worse.interval.high, -0.1 + 1.96 * 0.015, 0.003);
  EXPECT_THAT(worse.marks, ::testing::Contains(::testing::HasSubstr("not over other seeds")));
  EXPECT_EQ(compared({run_with(300, 0)}, {run_with(340, 0)}).verdict, Verdict::improved);
  EXPECT_EQ(compared({run_with(300, 0)}, {run_with(298, 0)}).verdict, Verdict::inconclusive)
      << "two images are within the noise, and the interval is wider than the margin";
}

TEST(SnapshotComparisonTest, AResampleWithoutAValueDoesNotUndoAPair) {
  Record base = run_with(300, 0), now = run_with(260, 0);
  now.stages[1].replicates["top1"].own()[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(compared({base}, {now}).verdict, Verdict::regressed);
  for (double& value : now.stages[1].replicates["top1"].own()) value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(compared({base}, {now}).verdict, Verdict::inconclusive) << "nothing says how sure it is";
}

TEST(SnapshotComparisonTest, TwoSeedsAreDecidedOverSeedsAndImages) {
  const ComparedCell steady = compared({run_with(300, 0), run_with(304, 1)}, {run_with(240, 0), run_with(244, 1)});
  EXPECT_EQ(steady.verdict, Verdict::regressed) << steady.reason;
  EXPECT_LT(steady.interval.high, -0.1);
  const ComparedCell wild = compared({run_with(300, 0), run_with(300, 1)}, {run_with(240, 0), run_with(310, 1)});
  EXPECT_EQ(wild.verdict, Verdict::inconclusive) << "the seeds disagree";
  EXPECT_TRUE(wild.paired);
}

TEST(SnapshotComparisonTest, TheOneSeedThatBothHoldIsAPairAmongOthers) {
  const ComparedCell got = compared({run_with(300, 0)}, {run_with(260, 0), run_with(350, 1)});
  EXPECT_TRUE(got.paired);
  EXPECT_NEAR(got.change, -0.1, 1e-12) << "of the pair, not of the means";
  EXPECT_EQ(got.verdict, Verdict::regressed);
  EXPECT_THAT(got.marks, ::testing::Contains("change over 1 common seed"));
}

TEST(SnapshotComparisonTest, OtherSeedsOrImagesAreNoPairs) {
  EXPECT_FALSE(compared({run_with(300, 0)}, {run_with(260, 1)}).paired);
  EXPECT_EQ(compared({run_with(300, 0)}, {run_with(260, 1)}).verdict, Verdict::inconclusive);
  Record without = run_with(260, 0);
  without.stages[1].replicates.clear();
  EXPECT_FALSE(compared({run_with(300, 0)}, {without}).paired);
}

}  // namespace
}  // namespace sslbench
