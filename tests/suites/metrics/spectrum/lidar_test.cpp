// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/lidar.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

Matrix views_of(size_t samples, size_t views, size_t columns, double apart) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  Matrix out{samples * views, columns, {}};
  for (size_t s = 0; s < samples; ++s) {
    std::vector<double> mean;
    for (size_t c = 0; c < columns; ++c) mean.push_back(apart * normal(random));
    for (size_t i = 0; i < views * columns; ++i) out.values.push_back(mean[i % columns] + normal(random));
  }
  return out;
}

TEST(LidarTest, LiesBetweenOneAndTheDimensions) {
  const Lidar got = lidar(views_of(50, 4, 8, 3), 4);
  EXPECT_GT(got.lidar, 1);
  EXPECT_LE(got.lidar, 8);
  EXPECT_NEAR(got.lidar, got.lidar_paper, 1e-4);
}

TEST(LidarTest, IsTheSameInOtherUnitsOfEachDimension) {
  Matrix features = views_of(50, 4, 5, 3);
  const double before = lidar(features, 4, {0, 0, 0}).lidar;
  for (size_t i = 0; i < features.values.size(); ++i) features.values[i] *= std::pow(10.0, static_cast<double>(i % 5));
  EXPECT_NEAR(lidar(features, 4, {0, 0, 0}).lidar, before, 1e-8);
}

TEST(LidarTest, SamplesThatDifferAlongOneDirectionHaveRankOne) {
  Matrix features = views_of(40, 3, 6, 0);
  for (size_t r = 0; r < features.rows; ++r) features.at(r, 0) += 1e6 * static_cast<double>(r / 3);
  EXPECT_NEAR(lidar(features, 3).lidar, 1, 1e-6);
}

TEST(LidarTest, ViewsThatAreAllAlikeNeedADelta) {
  Matrix features{6, 2, {0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1}};
  EXPECT_TRUE(std::isnan(lidar(features, 2, {0, 0, 0}).lidar));
  EXPECT_FALSE(std::isnan(lidar(features, 2).lidar));
}

TEST(LidarTest, OneViewIsAnInternalError) { EXPECT_THROW(lidar({2, 1, {1, 2}}, 1), InternalError); }

}  // namespace
}  // namespace sslbench
