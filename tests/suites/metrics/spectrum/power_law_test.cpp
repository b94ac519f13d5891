// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/power_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

// Features whose covariance has eigenvalues in proportion to rank^-alpha: two rows a direction, one the other's
// negative.
Matrix features_of_power(size_t dimensions, double alpha) {
  Matrix out{2 * dimensions, dimensions, std::vector<double>(2 * dimensions * dimensions)};
  for (size_t i = 0; i < dimensions; ++i) {
    out.at(2 * i, i) = std::pow(static_cast<double>(i + 1), -alpha / 2);
    out.at(2 * i + 1, i) = -out.at(2 * i, i);
  }
  return out;
}

TEST(PowerLawTest, EveryFitFindsAnExactLaw) {
  for (const PowerLawFit fit : {PowerLawFit::weighted, PowerLawFit::ols, PowerLawFit::robust}) {
    const PowerLaw got = power_law(features_of_power(40, 1.3), fit, {3, 30}, 2048);
    EXPECT_NEAR(got.alpha, 1.3, 1e-10);
    EXPECT_EQ(got.spectrum.size(), 40u);
    EXPECT_EQ(std::isnan(got.r2), fit != PowerLawFit::weighted);
  }
  EXPECT_NEAR(power_law(features_of_power(40, 1.3), PowerLawFit::weighted, {3, 30}, 2048).r2, 1, 1e-12);
}

TEST(PowerLawTest, LargerFeaturesHaveTheSameLaw) {
  Matrix features = features_of_power(20, 0.7);
  for (double& value : features.values) value *= 1e6;
  EXPECT_NEAR(power_law(features, PowerLawFit::ols, {1, 20}, 2048).alpha, 0.7, 1e-10);
}

TEST(PowerLawTest, ARangeBehindTheEigenvaluesIsRefused) {
  const Matrix features = features_of_power(20, 1);
  EXPECT_THROW(power_law(features, PowerLawFit::ols, {4, 21}, 2048), UserError);
  EXPECT_THROW(power_law(features, PowerLawFit::ols, {4, 15}, 10), UserError);
  EXPECT_THROW(power_law(features, PowerLawFit::robust, {4, 20}, 2048), UserError);
  EXPECT_THROW(power_law(features, PowerLawFit::robust, {4, 10}, 2048), UserError);
  EXPECT_THROW(power_law(features, PowerLawFit::ols, {5, 5}, 2048), UserError);
}

TEST(PowerLawTest, FeaturesThatAreAllAlikeHaveNone) {
  const Matrix same{12, 4, std::vector<double>(48, 0.5)};
  EXPECT_TRUE(std::isnan(power_law(same, PowerLawFit::weighted, {1, 3}, 2048).alpha));
}

}  // namespace
}  // namespace sslbench
