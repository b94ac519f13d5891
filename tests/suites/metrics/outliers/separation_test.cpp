// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/outliers/separation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace sslbench {
namespace {

using Scores = std::vector<double>;

Scores random_scores(size_t count, double mean, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(mean);
  Scores out;
  for (size_t i = 0; i < count; ++i) out.push_back(std::round(normal(random) * 4) / 4);
  return out;
}

TEST(SeparationTest, AurocIsTheShareOfPairsInOrder) {
  const Scores in = random_scores(40, 0.5, 1), out = random_scores(30, 0, 2);
  double pairs = 0;
  for (const double a : in) {
    for (const double b : out) pairs += a > b ? 1 : a == b ? 0.5 : 0;
  }
  EXPECT_NEAR(separation(in, out).auroc, pairs / 1200, 1e-12);
}

TEST(SeparationTest, OtherSignsSwapTheSides) {
  const Scores in = random_scores(40, 0.5, 3), out = random_scores(30, 0, 4);
  Scores less_in, less_out;
  for (const double value : in) less_in.push_back(-value);
  for (const double value : out) less_out.push_back(-value);
  const Separation got = separation(in, out), turned = separation(less_out, less_in);
  EXPECT_NEAR(got.auroc, turned.auroc, 1e-12);
  EXPECT_NEAR(got.aupr_in, turned.aupr_out, 1e-12);
  EXPECT_NEAR(got.ap_out, turned.ap_in, 1e-12);
  EXPECT_EQ(got.fpr_in_positive, turned.fpr_out_positive);
}

TEST(SeparationTest, OneScoreForAllSaysNothing) {
  const Separation got = separation(Scores{1, 1, 1}, Scores{1});
  EXPECT_EQ(got.auroc, 0.5);
  EXPECT_EQ(got.ap_in, 0.75);
  EXPECT_EQ(got.aupr_in, (1 + 0.75) / 2);
  EXPECT_EQ(got.fpr_in_positive, 1);
}

TEST(SeparationTest, RecallOfJustTheThresholdCounts) {
  Scores in, out{0.5};
  for (int i = 0; i < 20; ++i) in.push_back(i == 0 ? 0 : 1);  // 19 of 20 lie above the other
  EXPECT_EQ(separation(in, out).fpr_in_positive, 0);
  EXPECT_EQ(separation(in, out, 0.96).fpr_in_positive, 1);
}

TEST(SeparationTest, WithoutASideOrWithNanNothingIsDefined) {
  for (const Separation& got :
       {separation({}, Scores{1}), separation(Scores{1}, {}), separation(Scores{NAN}, Scores{1})}) {
    EXPECT_TRUE(std::isnan(got.auroc));
    EXPECT_TRUE(std::isnan(got.fpr_out_positive));
  }
}

}  // namespace
}  // namespace sslbench
