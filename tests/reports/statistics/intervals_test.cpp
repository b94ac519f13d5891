// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/intervals.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(FractionIntervalTest, StaysWithinNoneAndAll) {
  const Interval low = fraction_interval({0, 0.02, 0.06}, 0.01, 100);
  EXPECT_EQ(low.low, 0);
  EXPECT_GT(low.high, 0.02);
  EXPECT_EQ(fraction_interval({0.94, 0.98, 1}, 0.99, 100).high, 1);
}

// No resample of all-wrong images holds a right one; 0 of 100 still leaves room for 3.7 %.
TEST(FractionIntervalTest, NoneAndAllAreNotCertain) {
  const Interval none = fraction_interval({0, 0, 0}, 0, 100), all = fraction_interval({1, 1, 1}, 1, 100);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.0370, 1e-4);
  EXPECT_NEAR(all.low, 1 - none.high, 1e-12);
  EXPECT_EQ(all.high, 1);
  EXPECT_EQ(fraction_interval({0, 0, 0}, 0, 0).high, 0) << "not a share";
}

TEST(FractionIntervalTest, AnUndefinedReplicateIsNotTheWholeRange) {
  std::vector<double> replicates;
  for (int i = 0; i < 1000; ++i) replicates.push_back(0.3 + 0.0001 * i);
  replicates[7] = std::nan("");
  const Interval got = fraction_interval(replicates, 0.35, 0);
  EXPECT_NEAR(got.low, 0.3025, 1e-3);
  EXPECT_NEAR(got.high, 0.3975, 1e-3);
  EXPECT_TRUE(std::isnan(fraction_interval(std::vector<double>(1000, std::nan("")), 0.35, 0).low));
}

}  // namespace
}  // namespace sslbench
