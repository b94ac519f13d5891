// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/corruption_error.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

TEST(CorruptionErrorTest, TheBaselineItselfHasOne) {
  const ErrorsByCorruption errors{{"fog", {0.2, 0.4}}, {"snow", {0.3, 0.9}}};
  const CorruptionErrors got = corruption_errors(errors, errors, 0.1, 0.1);
  EXPECT_NEAR(got.mce, 1, 1e-15);
  EXPECT_NEAR(got.relative_mce, 1, 1e-15);
  EXPECT_NEAR(got.mean_corruption_accuracy, 1 - (0.3 + 0.6) / 2, 1e-15);
}

TEST(CorruptionErrorTest, SumsAreTakenBeforeTheDivision) {
  const CorruptionErrors got = corruption_errors({{"fog", {0.1, 0.9}}}, {{"fog", {0.5, 0.5}}}, 0, 0);
  EXPECT_EQ(got.ce.at("fog"), 1);
}

TEST(CorruptionErrorTest, ABaselineWithoutErrorsLeavesItUndefined) {
  const CorruptionErrors got = corruption_errors({{"fog", {0.1}}}, {{"fog", {0.0}}}, 0.1, 0.0);
  for (const double value : {got.ce.at("fog"), got.mce, got.relative_ce.at("fog"), got.relative_mce}) {
    EXPECT_TRUE(std::isnan(value));
  }
}

TEST(CorruptionErrorTest, OtherCorruptionsAreAnInternalError) {
  EXPECT_THROW(corruption_errors({{"fog", {0.1}}}, {{"snow", {0.1}}}, 0, 0), InternalError);
}

}  // namespace
}  // namespace sslbench
