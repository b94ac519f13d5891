// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/aggregates.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

TEST(AggregatesTest, TheInterquartileMeanIgnoresAQuarterAtEachEnd) {
  const TaskScores scores{{-1000, 1}, {3, 1000}};
  const AggregateScores got = aggregate_scores(scores, {}, 1);
  EXPECT_EQ(got.iqm.estimate, 2);
  EXPECT_EQ(got.mean.estimate, 1);
}

TEST(AggregatesTest, AReplicateOfTheRunsThemselvesIsTheEstimate) {
  const TaskScores scores{{0.5, 0.25}, {0.75, 1.5}};
  const AggregateScores got = aggregate_scores(scores, {{{0, 0}, {1, 1}}}, 1);
  for (const AggregateScore* each : {&got.mean, &got.median, &got.iqm, &got.optimality_gap}) {
    EXPECT_EQ(each->interval.low, each->estimate);
    EXPECT_EQ(each->interval.high, each->estimate);
  }
  EXPECT_EQ(got.optimality_gap.estimate, 1 - (0.5 + 0.25 + 0.75 + 1) / 4);
}

TEST(AggregatesTest, RunsAreDrawnWithinTheirTask) {
  const TaskScores scores{{0, 10}, {1, 20}};
  EXPECT_EQ(aggregate_scores(scores, {{{1, 0}}}, 1).mean.interval.low, 5.5);
  EXPECT_THROW(aggregate_scores(scores, {{{2, 0}}}, 1), InternalError);
}

TEST(AggregatesTest, ProfilesAreStrictlyAbove) {
  const TaskScores scores{{0.5, 1}, {0.5, 0}};
  EXPECT_EQ(score_profile(scores, {0.5, 0.25}), (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(mean_score_profile(scores, {0.5, 0.25}), (std::vector<double>{0, 1}));
}

TEST(AggregatesTest, BothSidesOfAComparisonSumToOne) {
  const TaskScores x{{0.5, 1}, {0.5, 0}}, y{{0.5, 0.5}, {0.25, 1}, {2, 0}};
  EXPECT_NEAR(probability_of_improvement(x, y) + probability_of_improvement(y, x), 1, 1e-15);
  EXPECT_EQ(probability_of_improvement(x, x), 0.5);
}

}  // namespace
}  // namespace sslbench
