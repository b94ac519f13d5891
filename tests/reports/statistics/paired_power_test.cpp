// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_power.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/statistics/paired_resamples.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

// Over all splits of n items into only a, only b and neither.
double enumerated_power(double a, double b, double alpha, int n) {
  double sum = 0;
  for (int i = 0; i <= n; ++i) {
    for (int j = 0; i + j <= n; ++j) {
      if (mcnemar(n - i - j, i, j, 0).p_exact > alpha) continue;
      const double ways = std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(j + 1) - std::lgamma(n - i - j + 1);
      sum += std::exp(ways) * std::pow(a, i) * std::pow(b, j) * std::pow(1 - a - b, n - i - j);
    }
  }
  return sum;
}

TEST(PairedPowerTest, ExactPowerIsTheSumOverAllOutcomes) {
  for (const auto& [a, b] : {std::pair(0.3, 0.1), std::pair(0.25, 0.0), std::pair(0.1, 0.1)}) {
    for (const int n : {1, 6, 25}) {
      EXPECT_NEAR(power_of_items(a, b, 0.05, 0.8, n).exact_power_at_n, enumerated_power(a, b, 0.05, n), 1e-10);
    }
  }
}

TEST(PairedPowerTest, TheItemsNeededHaveThePower) {
  const ItemPower need = power_of_items(0.12, 0.08, 0.05, 0.8, 0);
  const auto items = static_cast<int64_t>(need.items);
  EXPECT_GE(power_of_items(0.12, 0.08, 0.05, 0.8, items).power_at_n, 0.8);
  EXPECT_LT(power_of_items(0.12, 0.08, 0.05, 0.8, items - 1).power_at_n, 0.8);
  EXPECT_TRUE(std::isnan(power_of_items(0.12, 0.08, 0.05, 0.8, kMostExactItems + 1).exact_power_at_n));
}

TEST(PairedPowerTest, NoDifferenceIsNeverShown) {
  EXPECT_TRUE(std::isnan(power_of_items(0.1, 0.1, 0.05, 0.8, 10).items));
  EXPECT_TRUE(std::isnan(power_of_seeds(0, 0.05, 0.8, 10).seeds));
  EXPECT_EQ(power_of_seeds(0, 0.05, 0.8, 10).power_at_n, 0.05);
}

TEST(PairedPowerTest, SeedsAreTheFewestWithThePower) {
  for (const double effect : {0.01, 0.1, 0.5, -1.25, 10.0}) {
    const auto seeds = static_cast<int64_t>(power_of_seeds(effect, 0.05, 0.8, 2).seeds);
    EXPECT_GE(seeds, 2);
    EXPECT_GE(power_of_seeds(effect, 0.05, 0.8, seeds).power_at_n, 0.8);
    if (seeds > 2) EXPECT_LT(power_of_seeds(effect, 0.05, 0.8, seeds - 1).power_at_n, 0.8);
  }
}

TEST(PairedPowerTest, ManySeedsOfALargeDifferenceAreCertain) {
  EXPECT_EQ(power_of_seeds(1000, 0.05, 0.8, 1'000'000).power_at_n, 1);
  EXPECT_NEAR(power_of_seeds(3, 0.05, 0.8, 250).power_at_n, 1, 1e-15);
  EXPECT_EQ(power_of_seeds(1000, 0.05, 0.8, 2).seeds, 2);
}

TEST(PairedPowerTest, SharesAboveOneAreAnInternalError) {
  EXPECT_THROW(power_of_items(0.7, 0.7, 0.05, 0.8, 10), InternalError);
  EXPECT_THROW(power_of_seeds(1, 0.05, 0.8, 1), InternalError);
}

}  // namespace
}  // namespace sslbench
