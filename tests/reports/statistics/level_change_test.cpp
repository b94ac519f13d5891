// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/level_change.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/statistics/distributions.h"
#include "reports/statistics/drop_significance.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

std::vector<double> series_of(const std::vector<std::pair<int, double>>& levels, double memory, uint32_t stream) {
  std::vector<double> out;
  double noise = 0;
  for (const auto& [length, level] : levels) {
    for (int i = 0; i < length; ++i) {
      const double fresh = sample_normal(stream, static_cast<uint32_t>(out.size()));
      noise = out.empty() ? fresh : memory * noise + std::sqrt(1 - memory * memory) * fresh;
      out.push_back(level + noise);
    }
  }
  return out;
}

std::vector<size_t> starts(const std::vector<double>& values, double alpha, double memory) {
  std::vector<size_t> out;
  for (const Segment& segment :
       sure_changes(values, change_points(values, change_penalty(values.size())), alpha, memory)) {
    out.push_back(segment.begin);
  }
  return out;
}

TEST(LevelChangeTest, OfIndependentValuesItIsTheTTestOfTwoGroups) {
  const std::vector<double> values{1, 2, 4, 3, 8, 9, 7};
  // Pooled variance: sums of squares 5 and 2, 5 degrees of freedom; difference 5.5.
  const double t = 5.5 / std::sqrt(7.0 / 5 * (1.0 / 4 + 1.0 / 3));
  const double got = step_chance(values, {0, 4, 2.5}, {4, 7, 8}, 0);
  EXPECT_NEAR(got, 2 * t_tail(t, 5), 1e-12);
  EXPECT_EQ(step_chance({1, 1, 2, 2}, {0, 2, 1}, {2, 4, 2}, 0), 0) << "two constants";
  EXPECT_EQ(step_chance({1, 1, 1, 1}, {0, 2, 1}, {2, 4, 1}, 0), 1);
}

TEST(LevelChangeTest, NoiseHasNoStepInNinetyNineOfAHundredSeries) {
  struct Noise {
    int length;
    double real, assumed;
  };
  uint32_t stream = 50000;
  for (const Noise& noise : {Noise{8, 0, 0},
                             {20, 0, 0},
                             {60, 0, 0},
                             {8, 0.5, 0.8},
                             {20, 0.8, 0.8},
                             {60, 0.8, 0.8},
                             {60, 0.5, 0.8},
                             {60, 0, 0.8}}) {
    int cut = 0;
    for (int i = 0; i < 1000; ++i) {
      cut += starts(series_of({{noise.length, 0}}, noise.real, stream++), 0.01, noise.assumed).size() > 1;
    }
    EXPECT_LE(cut, 19) << noise.length << " " << noise.real;  // 10 and three deviations
  }
}

TEST(LevelChangeTest, PlantedStepsStay) {
  EXPECT_EQ(starts(series_of({{20, 0}, {20, 8}, {15, 2}}, 0, 1), 1e-4, 0), (std::vector<size_t>{0, 20, 40}));
  EXPECT_EQ(starts(series_of({{20, 0}, {5, 8}, {20, 0}}, 0, 2), 1e-4, 0), (std::vector<size_t>{0, 20, 25}));
  EXPECT_EQ(starts(series_of({{9, 0}, {7, -7}}, 0, 3), 1e-4, 0), (std::vector<size_t>{0, 9}));
  EXPECT_EQ(starts(series_of({{30, 0}, {30, -10}}, 0, 4), 1e-3, kMachineMemory), (std::vector<size_t>{0, 30}));
}

}  // namespace
}  // namespace sslbench
