// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/stopping_points.h"

#include <gmock/gmock.h>

#include <cmath>

#include "reports/record/pretraining_names.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

constexpr double kAsked = 100;

Record evaluated(std::vector<double> top1, std::vector<double> rank) {
  Record record = sample_record("simclr");
  StageRecord& stage = record.stages[0];
  stage.curves["loss"] = {{1, 2, 10, 19, 30}, {5, 4, 3, 2, 2.5}};
  stage.curves["value_knn_top1"] = {{10, 20, 30}, std::move(top1)};
  stage.curves["value_effective_rank"] = {{10, 20, 30}, std::move(rank)};
  stage.metrics.own().push_back({.name = kValueAsked, .kind = MetricKind::quantity});
  stage.add(kValueAsked, Split::train, kAsked, 300);
  return record;
}

std::vector<StoppingPoint> points(Record record) {
  ComparisonInput input;
  input.planned.push_back({record.row, record.seed, record.run});
  input.records.push_back(std::move(record));
  return stopping_points(compare(std::move(input)));
}

TEST(StoppingPointsTest, SayWhatEveryCriterionWouldHaveCost) {
  const auto found = points(evaluated({0.2, 0.5, 0.4}, {9, 3, 2}));
  ASSERT_EQ(found.size(), 3u) << "there is no curve of feature_std";
  EXPECT_EQ(found[0].criterion, "last");
  EXPECT_NEAR(found[0].regret, 0.1, 1e-12);
  EXPECT_EQ(found[1].criterion, "loss");  // lowest at step 19, whose value stands at 20
  EXPECT_EQ(found[1].regret, 0);
  EXPECT_EQ(found[1].low, 0);
  EXPECT_EQ(found[1].high, 0) << "it is the best step itself";
  EXPECT_EQ(found[2].criterion, "effective_rank");
  EXPECT_NEAR(found[2].regret, 0.3, 1e-12);
  EXPECT_NEAR(found[2].chosen_share, 1. / 3, 1e-12);
  EXPECT_NEAR(found[2].high - found[2].regret, 1.96 * std::sqrt((0.25 + 0.16) / kAsked), 1e-12);
}

TEST(StoppingPointsTest, AreNoneWithoutCurvesOfValue) { EXPECT_TRUE(points(sample_record("simclr")).empty()); }

}  // namespace
}  // namespace sslbench
