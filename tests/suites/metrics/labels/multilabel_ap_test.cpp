// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/multilabel_ap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

MultilabelAp one_class(std::vector<double> scores, const std::vector<int64_t>& targets) {
  return multilabel_ap({scores.size(), 1, std::move(scores)}, targets);
}

TEST(MultilabelApTest, APerfectOrderIsOneByEveryRule) {
  const MultilabelAp got = one_class({4, 3, 2, 1}, {1, 1, 0, 0});
  for (const double value : {got.map_step, got.map_area, got.map_11}) EXPECT_NEAR(value, 1, 1e-15);
}

TEST(MultilabelApTest, DifficultItemsAreAsIfTheyWereNotThere) {
  const MultilabelAp with = one_class({5, 4, 3, 2, 1}, {-1, 0, 1, -1, 1}), without = one_class({4, 3, 1}, {0, 1, 1});
  EXPECT_EQ(with.map_step, without.map_step);
  EXPECT_EQ(with.map_area, without.map_area);
  EXPECT_EQ(with.map_11, without.map_11);
}

TEST(MultilabelApTest, EqualScoresEnterTogetherOrInTheirOrder) {
  const MultilabelAp first = one_class({1, 1}, {1, 0}), second = one_class({1, 1}, {0, 1});
  EXPECT_EQ(first.map_step, 0.5);
  EXPECT_EQ(second.map_step, 0.5);
  EXPECT_EQ(first.map_area, 1);
  EXPECT_EQ(second.map_area, 0.5);
}

TEST(MultilabelApTest, ARecallOfThreeTenthsMissesItsPoint) {
  std::vector<double> scores;
  std::vector<int64_t> targets;
  for (int i = 0; i < 10; ++i) scores.push_back(-i), targets.push_back(i < 3);
  for (int i = 0; i < 7; ++i) scores.push_back(-1e6), targets.push_back(1);
  // Precision 1 up to recall 3/10, then at most 10/17: points 0, .1 and .2 are 1, and 0.30000000000000004 is not.
  EXPECT_NEAR(one_class(scores, targets).map_11, (3 + 8 * 10.0 / 17) / 11, 1e-15);
}

TEST(MultilabelApTest, AClassWithoutPositivesIsLeftOut) {
  const MultilabelAp got = multilabel_ap({2, 2, {1, 1, 2, 2}}, std::vector<int64_t>{0, 1, 0, 0});
  EXPECT_TRUE(std::isnan(got.area[0]));
  EXPECT_EQ(got.map_area, got.area[1]);
  EXPECT_EQ(got.classes, 1);
  EXPECT_TRUE(std::isnan(one_class({1}, {0}).map_step));
  EXPECT_TRUE(std::isnan(one_class({NAN}, {1}).map_step));
  EXPECT_THROW(one_class({1}, {2}), InternalError);
}

}  // namespace
}  // namespace sslbench
