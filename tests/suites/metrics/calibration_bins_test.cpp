// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/calibration_bins.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/calibration.h"
#include "suites/metrics/confidence_bins.h"
#include "suites/metrics/temperature_scaling.h"

namespace sslbench {
namespace {

struct Logits {
  Matrix logits;
  std::vector<int64_t> labels;
};

// Labels drawn from the softmax of logits / temperature.
Logits drawn(size_t rows, double temperature) {
  std::mt19937 random(9);
  std::normal_distribution<double> normal(0, 2);
  Logits out{{rows, 3, {}}, {}};
  for (size_t r = 0; r < rows; ++r) {
    std::vector<double> weights;
    for (int c = 0; c < 3; ++c) out.logits.values.push_back(normal(random));
    for (const double logit : out.logits.row(r)) weights.push_back(std::exp(logit / temperature));
    out.labels.push_back(std::discrete_distribution<int64_t>(weights.begin(), weights.end())(random));
  }
  return out;
}

TEST(ConfidenceBinsTest, EveryConfidenceHasTheBinThatHoldsIt) {
  for (const int bins : {1, 10, 15, 1000}) {
    EXPECT_EQ(confidence_bin(0, bins), static_cast<size_t>(bins));
    EXPECT_EQ(confidence_bin(1, bins), static_cast<size_t>(bins - 1));
    for (int i = 0; i < bins; ++i) {
      EXPECT_EQ(confidence_bin(bin_edge(i, bins), bins), static_cast<size_t>(i));
      if (i + 1 < bins)
        EXPECT_EQ(confidence_bin(std::nextafter(bin_edge(i, bins), 2), bins), static_cast<size_t>(i + 1));
    }
  }
}

TEST(CalibrationBinsTest, OneBinIsTheGapOfAll) {
  const Logits given = drawn(50, 2);
  const BinnedCalibration got = binned_calibration(given.logits, given.labels, 1);
  const ScaledCalibration equal = scaled_calibration(given.logits, given.labels, 1, 1);
  EXPECT_NEAR(got.adaptive_ece, equal.ece, 1e-6);
}

TEST(CalibrationBinsTest, MoreBinsThanRowsLeaveSomeEmpty) {
  const BinnedCalibration got = binned_calibration({2, 2, {2, 0, 0, 3}}, std::vector<int64_t>{0, 1}, 10);
  const double first = 1 / (1 + std::exp(-2)), second = 1 / (1 + std::exp(-3));
  EXPECT_NEAR(got.adaptive_ece, (1 - first + 1 - second) / 2, 1e-12);
  EXPECT_NEAR(got.adaptive_ece_edges, (1 - second) / 2, 1e-12);  // the least confident is in no bin
}

TEST(CalibrationBinsTest, LogitsThatAreNotFiniteLeaveNothingDefined) {
  const BinnedCalibration got = binned_calibration({1, 2, {NAN, 0}}, std::vector<int64_t>{0}, 5);
  for (const double value : {got.adaptive_ece, got.adaptive_ece_edges, got.classwise_ece})
    EXPECT_TRUE(std::isnan(value));
  EXPECT_TRUE(std::isnan(binned_calibration({0, 2, {}}, {}, 5).adaptive_ece));
}

TEST(TemperatureScalingTest, FindsTheTemperatureOfTheLabels) {
  for (const double temperature : {0.5, 1.0, 4.0}) {
    const Logits given = drawn(20000, temperature);
    EXPECT_NEAR(best_temperature(given.logits, given.labels), temperature, 0.1 * temperature);
  }
}

TEST(TemperatureScalingTest, NoOtherTemperatureIsBetter) {
  const Logits given = drawn(200, 3);
  const double best = best_temperature(given.logits, given.labels);
  const double nll = scaled_calibration(given.logits, given.labels, best).nll;
  for (const double factor : {0.5, 0.999, 1.001, 2.0}) {
    EXPECT_GT(scaled_calibration(given.logits, given.labels, best * factor).nll, nll);
  }
}

TEST(TemperatureScalingTest, LogitsScaledScaleIt) {
  Logits given = drawn(200, 3);
  const double before = best_temperature(given.logits, given.labels);
  for (double& value : given.logits.values) value *= 4;
  EXPECT_NEAR(best_temperature(given.logits, given.labels), 4 * before, 1e-9);
}

TEST(TemperatureScalingTest, EndsOfTheRangeAreKept) {
  const Matrix logits{2, 2, {1, 0, 0, 1}};
  EXPECT_EQ(best_temperature(logits, std::vector<int64_t>{0, 1}), 0.02);
  EXPECT_EQ(best_temperature(logits, std::vector<int64_t>{1, 0}), 50);
  EXPECT_EQ(best_temperature({1, 2, {3, 3}}, std::vector<int64_t>{0}), 1);
  EXPECT_THROW(best_temperature({1, 1, {NAN}}, std::vector<int64_t>{0}), InternalError);
}

TEST(TemperatureScalingTest, HugeLogitsKeepAFiniteEntropy) {
  EXPECT_NEAR(scaled_calibration({1, 2, {0, 5000}}, std::vector<int64_t>{0}, 1).nll, 5000, 1e-9);
}

}  // namespace
}  // namespace sslbench
