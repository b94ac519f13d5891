// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

TEST(BootstrapTest, AResampleDrawsAsManyImagesAsThereAre) {
  for (const int64_t images : {1, 7, 2048}) {
    const auto counts = resample_counts(images, 3);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), int64_t{0}), images);
  }
}

TEST(BootstrapTest, AReplicateIsAPureFunctionOfItsNumber) {
  EXPECT_EQ(resample_counts(100, 5), resample_counts(100, 5));
  EXPECT_NE(resample_counts(100, 5), resample_counts(100, 6));
}

TEST(BootstrapTest, EveryImageIsDrawnOnceOnAverage) {
  std::vector<double> total(20, 0.0);
  for (uint32_t replicate = 0; replicate < 2000; ++replicate) {
    const auto counts = resample_counts(20, replicate);
    for (size_t i = 0; i < counts.size(); ++i) total[i] += counts[i] / 2000.0;
  }
  for (const double mean : total) EXPECT_NEAR(mean, 1.0, 0.1);
}

TEST(BootstrapTest, TheSpreadOfMeansIsTheStandardError) {
  std::vector<double> values(400);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 4 == 0 ? 1.0 : 0.0;
  const auto means = bootstrap_mean(values, 2000);
  double mean = 0, square = 0;
  for (const double m : means) mean += m / 2000;
  for (const double m : means) square += (m - mean) * (m - mean) / 2000;
  EXPECT_NEAR(mean, 0.25, 0.003);
  EXPECT_NEAR(std::sqrt(square), std::sqrt(0.25 * 0.75 / 400), 0.0015);
}

TEST(BootstrapTest, NoImagesIsAnInternalError) { EXPECT_THROW(resample_counts(0, 0), InternalError); }

}  // namespace
}  // namespace sslbench
