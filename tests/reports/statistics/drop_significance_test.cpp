// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/drop_significance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/statistics/distributions.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

TEST(DropTestTest, AsManyRunsAsAreSaidDecide) {
  std::vector<double> history;
  for (uint32_t run = 0; run < 20; ++run) history.push_back(0.9 + 0.003 * sample_normal(3, run));
  for (const double drop : {0.004, 0.006, 0.02}) {
    const auto needed = runs_to_decide(history, drop, 0, 1e-3);
    ASSERT_TRUE(needed) << drop;
    const auto p_of = [&](size_t runs) {
      return drop_test(history, std::vector<double>(runs, mean(history) - drop), true, 0).p_worse;
    };
    EXPECT_LE(p_of(*needed), 1e-3);
    if (*needed > 1) EXPECT_GT(p_of(*needed - 1), 1e-3);
  }
  EXPECT_FALSE(runs_to_decide(history, 1e-5, 0, 1e-3));
  EXPECT_FALSE(runs_to_decide(history, -1, 0, 1e-3));
  EXPECT_EQ(runs_to_decide({0.9, 0.9, 0.9}, 0.01, 0, 1e-3), 1u) << "without any spread one is enough";
}

// Two nights a, b have one one-step error: (b - m) - 0.8 (a - m) and 0.6 (a - m) around the level m.
TEST(DropTestTest, ANightIsHeldAgainstWhatTheNightsBeforePredict) {
  const std::vector<double> nights{1000, 1010, 990, 1005, 1002};
  const DropTest same = night_test(nights, 1002, true, 0), slower = night_test(nights, 900, true, 0);
  EXPECT_EQ(same.df, 4);
  EXPECT_GT(same.p_worse, 0.3);
  EXPECT_LT(slower.p_worse, 0.01);
  EXPECT_NEAR(slower.drop, mean(nights) - 900, 1e-9) << "against the mean of the nights";
  EXPECT_NEAR(slower.p_worse, night_test({-1000, -1010, -990, -1005, -1002}, -900, false, 0).p_worse, 1e-12);
  EXPECT_NEAR(night_deviation({0, 1, 0, 1}), night_deviation({5, 6, 5, 6}), 1e-12) << "whatever the level";
  EXPECT_GE(night_test(nights, 900, true, 100).p_worse, 0.15) << "a spread below which none is believed";
}

// Nights that creep are no alarm when the next one creeps on.
TEST(DropTestTest, ProbabilitiesHoldUnderNightsThatResembleEachOther) {
  for (const double memory : {0.0, 0.5, 0.8}) {
    int alarms = 0;
    for (uint32_t series = 0; series < 4000; ++series) {
      std::vector<double> nights;
      double state = 0;
      for (uint32_t night = 0; night < 11; ++night) {
        const double fresh = sample_normal(series, night);
        state = night == 0 ? fresh : memory * state + std::sqrt(1 - memory * memory) * fresh;
        nights.push_back(state);
      }
      const double now = nights.back();
      nights.pop_back();
      alarms += night_test(nights, now, true, 0).p_worse <= 0.01;
    }
    EXPECT_GE(alarms, 20) << memory;
    EXPECT_LE(alarms, 60) << memory << ": 40 expected";
  }
}

TEST(DropTestTest, TheSameSeedsAreTwoSamplesOfOneSpread) {
  const DropTest got = same_seed_test({0.90, 0.91, 0.92}, {0.80, 0.83, 0.80}, true, 1000000);
  // Variances 1e-4 and 3e-4: pooled 2e-4; 4 degrees of freedom.
  EXPECT_NEAR(got.p_worse, t_tail(0.1 / std::sqrt(2e-4 * 2 / 3), 4), 1e-12);
  const DropTest one = same_seed_test({0.9}, {0.4}, true, 1000);
  EXPECT_NEAR(one.standard_error, std::sqrt(5 * (0.09 + 0.24) / 1000), 1e-12);
  EXPECT_GT(same_seed_test({0.5, 0.5}, {0.49, 0.49}, true, 100).standard_error, 0.009) << "an image is the least step";
}

}  // namespace
}  // namespace sslbench
