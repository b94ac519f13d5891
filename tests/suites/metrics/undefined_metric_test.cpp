// SPDX-License-Identifier: Apache-2.0
// Metrics of numbers that are not finite, or too large to be squared: NaN or a refusal, never a good number.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "suites/metrics/calibration.h"
#include "suites/metrics/coco_ap.h"
#include "suites/metrics/effective_rank.h"
#include "suites/metrics/logistic_regression.h"
#include "suites/metrics/neighbours/nearest_neighbours.h"
#include "suites/metrics/representation_similarity.h"

namespace sslbench {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(CalibrationTest, AProbabilityThatIsNotFiniteLeavesNothingDefined) {
  const std::vector<float> p{0.9f, 0.1f, std::numeric_limits<float>::quiet_NaN(), 1};
  const Calibration got = calibration(p, 2, std::vector<int64_t>{0, 0});
  for (const double value : {got.accuracy, got.ece, got.mce, got.nll, got.brier}) EXPECT_TRUE(std::isnan(value));
}

TEST(EffectiveRankTest, FeaturesThatOverflowHaveNone) {
  for (const double huge : {1e200, kNan}) {
    const EffectiveRank got = effective_rank({2, 2, {huge, 1, 2, huge}});
    for (const double value : {got.rankme, got.rankme_centered, got.effective_rank, got.participation_ratio}) {
      EXPECT_TRUE(std::isnan(value)) << huge << ": " << value;
    }
    EXPECT_TRUE(std::isnan(got.feature_std)) << huge;
  }
}

TEST(LinearCkaTest, OfFeaturesThatOverflowIsUndefined) {
  const Matrix huge{4, 1, {1e200, -1e200, 2e200, 5}}, plain{4, 1, {1, 2, 3, 5}};
  EXPECT_TRUE(std::isnan(linear_cka(huge, plain)));
  EXPECT_TRUE(std::isnan(unbiased_linear_cka(huge, plain)));
}

// Fault matrix: 44
TEST(CocoApTest, BoxesWithoutAFiniteAreaMatchNothing) {
  CocoInput input{{1}, {1}, {{1, 1, 1, {0, 0, 1e200, 1e200}, 1e4, false, nullptr}}, {}};
  input.detections.push_back({1, 1, {0, 0, 1e200, 1e200}, 0.9, nullptr});
  EXPECT_EQ(coco_scores(input).ap, 0);
}

TEST(LogisticRegressionTest, OfFeaturesThatOverflowHasNotConverged) {
  const Matrix huge{3, 1, {1e300, -1e300, 1e300}};
  EXPECT_FALSE(fit_logistic_regression(huge, std::vector<int64_t>{0, 1, 0}, 2, 1e12).converged);
}

TEST(NearestNeighboursTest, RowsWhoseProductOverflowsAreRefused) {
  const Matrix huge{2, 1, {1e200, 1}};
  EXPECT_THROW(nearest_neighbours(huge, huge, 1), UserError);
}

}  // namespace
}  // namespace sslbench
