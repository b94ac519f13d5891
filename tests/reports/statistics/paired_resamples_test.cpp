// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_resamples.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sslbench {
namespace {

TEST(McNemarTest, CountsWhatOnlyOneGetsRight) {
  // b = 3, c = 1 of 10: P(Bin(4, 1/2) <= 1) = 5/16; P(= 1) = 4/16.
  const McNemar got = mcnemar(4, 3, 1, 2);
  EXPECT_NEAR(got.difference, 0.2, 1e-15);
  EXPECT_NEAR(got.p_exact, 10.0 / 16, 1e-12);
  EXPECT_NEAR(got.p_mid, 6.0 / 16, 1e-12);
  EXPECT_NEAR(got.chi2, 1, 1e-12);
  EXPECT_NEAR(got.p_chi2, 0.317310507862914, 1e-12);
  EXPECT_NEAR(got.chi2_corrected, 0.25, 1e-12);
  EXPECT_EQ(mcnemar(4, 2, 2, 0).p_exact, 1);
  const McNemar none = mcnemar(4, 0, 0, 2);
  EXPECT_EQ(none.p_exact, 1);
  EXPECT_TRUE(std::isnan(none.chi2) && std::isnan(none.p_chi2_corrected));
}

TEST(PairedBootstrapTest, ReplicatesAreMeanDifferences) {
  // Differences 1, 0, -0.5: mean 1/6; replicates 1, 0, -0.5 and 1/6.
  const PairedBootstrap got =
      paired_bootstrap({1, 1, 0}, {0, 1, 0.5}, {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {0, 1, 2}}, 0.5);
  EXPECT_NEAR(got.difference, 1.0 / 6, 1e-15);
  EXPECT_NEAR(got.interval.low, -0.125, 1e-12);
  EXPECT_NEAR(got.interval.high, 0.375, 1e-12);
  EXPECT_NEAR(got.p_sign, 1, 1e-12) << "3 of 5 below, 4 of 5 above";
  EXPECT_NEAR(got.p_shift, 4.0 / 5, 1e-12);
}

TEST(HierarchicalBootstrapTest, CrossedSharesItemsAndNestedDrawsThemForEachSeed) {
  const std::vector<std::vector<double>> values{{0, 1}, {1, 1}};
  const HierarchicalBootstrap crossed = hierarchical_bootstrap(values, {{0, 0}, {0, 1}}, {{{0, 0}}, {{0, 0}}}, 0.9);
  EXPECT_NEAR(crossed.estimate, 0.75, 1e-15);
  EXPECT_NEAR(crossed.interval.low, 0.025, 1e-12) << "replicates 0 and 0.5";
  EXPECT_NEAR(crossed.standard_error_seeds_only, 0.25 / std::sqrt(2.0), 1e-12) << "0.5 and 0.75";
  const HierarchicalBootstrap nested =
      hierarchical_bootstrap(values, {{0, 0}, {0, 1}}, {{{0, 0}, {1, 1}}, {{1, 1}, {0, 1}}}, 0.9);
  EXPECT_NEAR(nested.interval.low, 0.525, 1e-12) << "replicates 0.5 and 1";
}

}  // namespace
}  // namespace sslbench
