// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/dense/enlarged_labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sslbench {
namespace {

std::vector<float> drawn(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> out(count);
  for (float& each : out) each = normal(random);
  return out;
}

// By definition, in double.
double score_at(const ScoreMap& map, size_t k, double y, double x) {
  const auto held = [](double place, size_t cells) { return std::clamp(place, 0.0, static_cast<double>(cells) - 1); };
  const double row = held(y, map.height), column = held(x, map.width);
  const auto r = static_cast<size_t>(row), c = static_cast<size_t>(column);
  const auto at = [&](size_t i, size_t j) {
    return static_cast<double>(
        map.scores[(k * map.height + std::min(i, map.height - 1)) * map.width + std::min(j, map.width - 1)]);
  };
  const double down = row - static_cast<double>(r), right = column - static_cast<double>(c);
  return (1 - down) * ((1 - right) * at(r, c) + right * at(r, c + 1)) +
         down * ((1 - right) * at(r + 1, c) + right * at(r + 1, c + 1));
}

void expect_largest(const ScoreMap& map, size_t height, size_t width) {
  const std::vector<uint8_t> found = enlarged_labels(map, height, width);
  ASSERT_EQ(found.size(), height * width);
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      const auto place = [](size_t pixel, size_t cells, size_t pixels) {
        return (static_cast<double>(pixel) + 0.5) * static_cast<double>(cells) / static_cast<double>(pixels) - 0.5;
      };
      const double row = place(y, map.height, height), column = place(x, map.width, width);
      double largest = score_at(map, 0, row, column);
      for (size_t k = 1; k < map.classes; ++k) largest = std::max(largest, score_at(map, k, row, column));
      EXPECT_NEAR(score_at(map, found[y * width + x], row, column), largest, 1e-5) << y << ", " << x;
    }
  }
}

TEST(EnlargedLabelsTest, EveryPixelHasTheClassOfTheLargestInterpolatedScore) {
  const std::vector<float> scores = drawn(5 * 6 * 7, 3);
  const ScoreMap map{scores.data(), 5, 6, 7};
  for (const auto& [height, width] : {std::pair<size_t, size_t>{48, 63}, {6, 7}, {31, 100}, {3, 4}, {1, 1}}) {
    expect_largest(map, height, width);
  }
}

TEST(EnlargedLabelsTest, OneCellIsEveryPixels) {
  const float scores[] = {-1, 4, 2};
  EXPECT_EQ(enlarged_labels({scores, 3, 1, 1}, 2, 3), std::vector<uint8_t>(6, 1));
}

TEST(EnlargedLabelsTest, OfEqualScoresTheFirstClassIsTaken) {
  const std::vector<float> scores(4 * 9, 0.5f);
  EXPECT_EQ(enlarged_labels({scores.data(), 4, 3, 3}, 10, 10), std::vector<uint8_t>(100, 0));
}

TEST(EnlargedLabelsTest, AnyNumberOfThreadsGivesTheSame) {
  const std::vector<float> scores = drawn(20 * 24 * 24, 5);
  const ScoreMap map{scores.data(), 20, 24, 24};
  EXPECT_EQ(enlarged_labels(map, 240, 320, 1), enlarged_labels(map, 240, 320, 3));
}

}  // namespace
}  // namespace sslbench
