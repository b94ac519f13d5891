// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/change_points.h"

#include <gtest/gtest.h>

#include "reports/statistics/statistics.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

std::vector<double> noisy(const std::vector<std::pair<int, double>>& levels, uint32_t stream) {
  std::vector<double> out;
  for (const auto& [length, level] : levels) {
    for (int i = 0; i < length; ++i) out.push_back(level + sample_normal(stream, static_cast<uint32_t>(out.size())));
  }
  return out;
}

std::vector<size_t> starts(const std::vector<double>& values) {
  std::vector<size_t> out;
  for (const Segment& segment : change_points(values, change_penalty(values.size()))) out.push_back(segment.begin);
  return out;
}

// All segmentations with at least two values each, by brute force.
double least_cost(const std::vector<double>& values, size_t begin, double penalty) {
  if (begin == values.size()) return 0;
  double best = 1e300;
  for (size_t end = begin + 2; end <= values.size(); ++end) {
    double sum = 0, squares = 0;
    for (size_t i = begin; i < end; ++i) sum += values[i];
    for (size_t i = begin; i < end; ++i) squares += std::pow(values[i] - sum / static_cast<double>(end - begin), 2);
    best = std::min(best, squares + penalty + least_cost(values, end, penalty));
  }
  return best;
}

TEST(ChangePointsTest, PlantedStepsAreFoundWhereTheyAre) {
  EXPECT_EQ(starts(noisy({{20, 0}, {20, 8}, {15, 2}}, 1)), (std::vector<size_t>{0, 20, 40}));
  EXPECT_EQ(starts(noisy({{30, 0}, {30, -6}}, 2)), (std::vector<size_t>{0, 30}));
}

TEST(ChangePointsTest, NoiseAloneIsSeldomCut) {
  int cut = 0;
  for (uint32_t series = 0; series < 400; ++series) cut += starts(noisy({{50, 0}}, 100 + series)).size() > 1;
  EXPECT_LE(cut, 20);
}

TEST(ChangePointsTest, TheSegmentationIsExact) {
  for (uint32_t series = 0; series < 20; ++series) {
    std::vector<double> values = noisy({{5, 0}, {6, 3}}, 600 + series);
    const double penalty = 4;
    // In units of the series' own noise, which the search estimates: compare at noise 1 by scaling the penalty.
    std::vector<double> steps;
    for (size_t i = 1; i < values.size(); ++i) steps.push_back(std::abs(values[i] - values[i - 1]));
    const double sigma = 1.4826 * quantile(steps, 0.5) / std::sqrt(2.0);
    double cost = 0;
    for (const Segment& segment : change_points(values, penalty)) {
      cost += penalty * sigma * sigma;
      for (size_t i = segment.begin; i < segment.end; ++i) cost += std::pow(values[i] - segment.mean, 2);
    }
    EXPECT_NEAR(cost, least_cost(values, 0, penalty * sigma * sigma), 1e-9);
  }
}

// What the robust noise of change_points.h is for these series.
double noise_of(const std::vector<double>& values) {
  std::vector<double> steps;
  for (size_t i = 1; i < values.size(); ++i) steps.push_back(std::abs(values[i] - values[i - 1]));
  return 1.4826 * quantile(steps, 0.5) / std::sqrt(2.0);
}

// The least cost of any segmentation, by dynamic programming over every start, in units of `variance`.
double least_cost_by_all(const std::vector<double>& values, double variance, double penalty) {
  std::vector<double> best(values.size() + 1, 1e300);
  best[0] = 0;
  for (size_t end = 2; end <= values.size(); ++end) {
    double sum = 0, squares = 0;
    for (size_t begin = end; begin-- > 0;) {
      sum += values[begin];
      squares += values[begin] * values[begin];
      const double n = static_cast<double>(end - begin);
      if (end - begin < 2 || best[begin] >= 1e300) continue;
      best[end] = std::min(best[end], best[begin] + (squares - sum * sum / n) / variance + penalty);
    }
  }
  return best.back();
}

double cost_of(const std::vector<double>& values, double variance, double penalty) {
  double cost = 0;
  for (const Segment& segment : change_points(values, penalty)) {
    cost += penalty;
    for (size_t i = segment.begin; i < segment.end; ++i) cost += std::pow(values[i] - segment.mean, 2) / variance;
  }
  return cost;
}

TEST(ChangePointsTest, PruningLosesNoOptimum) {
  int lost = 0;
  for (uint32_t series = 0; series < 20000; ++series) {
    const int length = 6 + static_cast<int>(series % 25);
    const std::vector<double> values = noisy({{length / 2, 0}, {length - length / 2, series % 3}}, 10000 + series);
    const double variance = std::pow(noise_of(values), 2),
                 penalty = series % 2 == 0 ? 3 : change_penalty(values.size());
    lost += cost_of(values, variance, penalty) > least_cost_by_all(values, variance, penalty) + 1e-6;
  }
  EXPECT_EQ(lost, 0);
}

TEST(ChangePointsTest, ShortAndConstantSeriesAreOneSegment) {
  EXPECT_TRUE(change_points({}, 3).empty());
  EXPECT_EQ(change_points({1}, 3).size(), 1u);
  EXPECT_EQ(change_points({1, 2, 3}, 3).size(), 1u);
  EXPECT_EQ(change_points(std::vector<double>(50, 0.5), 3).size(), 1u);
}

}  // namespace
}  // namespace sslbench
