// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_ratio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

constexpr int kSimulations = 4000;

// Numbers that nobody else draws.
class Draws {
 public:
  explicit Draws(uint32_t stream) : stream_(stream) {}
  double normal() { return sample_normal(stream_, next_++); }
  // Student's t with 3 degrees of freedom: now and then somebody else's work falls into one run of a pair alone.
  double long_tailed() {
    const double top = normal(), a = normal(), b = normal(), c = normal();
    return top / std::sqrt((a * a + b * b + c * c) / 3);
  }

 private:
  uint32_t stream_, next_ = 0;
};

// The interval that inverts Wilcoxon's signed-rank test: Walsh averages, `alpha` in all, exact.
Interval hodges_lehmann_interval(const std::vector<double>& values, double alpha) {
  const size_t n = values.size(), most = n * (n + 1) / 2;
  std::vector<double> ways(most + 1, 0);
  ways[0] = 1;
  for (size_t rank = 1; rank <= n; ++rank) {
    for (size_t sum = most; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  size_t left_out = 0;
  double below = 0;
  while (left_out < most && below + ways[left_out] <= alpha / 2 * std::exp2(n)) below += ways[left_out++];
  std::vector<double> walsh;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i; j < n; ++j) walsh.push_back((values[i] + values[j]) / 2);
  }
  std::sort(walsh.begin(), walsh.end());
  if (left_out == 0) return {-INFINITY, INFINITY};
  return {walsh[left_out - 1], walsh[walsh.size() - left_out]};
}

struct Rates {
  double covered = 0, width = 0;
};

template <class Noise, class IntervalOf>
Rates simulate(int pairs, Noise noise, IntervalOf interval_of) {
  Rates out;
  for (int i = 0; i < kSimulations; ++i) {
    std::vector<double> values;
    for (int pair = 0; pair < pairs; ++pair) values.push_back(0.02 * noise());
    const Interval interval = interval_of(values);
    out.covered += (interval.low <= 0 && interval.high >= 0) / static_cast<double>(kSimulations);
    out.width += (interval.high - interval.low) / kSimulations;
  }
  return out;
}

Interval of_student(const std::vector<double>& values) {
  const Interval ratio = paired_ratio(values).interval;
  return {std::log(ratio.low), std::log(ratio.high)};
}

TEST(PairedRatioTest, IntervalsCoverTheTruthFromThreePairsOn) {
  Draws draws(71);
  for (const int pairs : {3, 5, 12, 20}) {
    const double normal = simulate(
                              pairs, [&] { return draws.normal(); }, of_student)
                              .covered;
    EXPECT_GT(normal, 0.94) << pairs;
    EXPECT_LT(normal, 0.96) << pairs;
    EXPECT_GT(simulate(
                  pairs, [&] { return draws.long_tailed(); }, of_student)
                  .covered,
              0.945)
        << pairs;
  }
}

// Why Student's t was chosen.
TEST(PairedRatioTest, HodgesAndLehmannHaveNoIntervalForFewPairsAndAWiderOneForTheLevelThatCellsAskFor) {
  const auto of_ranks = [](const std::vector<double>& values) { return hodges_lehmann_interval(values, 0.05); };
  const std::vector<double> five{-0.01, 0.02, 0.01, 0.03, -0.02};
  EXPECT_FALSE(std::isfinite(of_ranks(five).low));
  const std::vector<double> eight(8, 0.01);
  EXPECT_FALSE(std::isfinite(hodges_lehmann_interval(eight, 2 * 0.01 / 3).low)) << "three cells, 1 % one-sided";
  Draws a(72), b(72);
  const Rates student = simulate(
                  12, [&] { return a.normal(); }, of_student),
              ranks = simulate(
                  12, [&] { return b.normal(); }, of_ranks);
  EXPECT_LT(student.width, ranks.width);
  EXPECT_GT(ranks.covered, 0.945);
}

TEST(PairedRatioTest, TheRatioIsTheGeometricMean) {
  const PairedRatio ratio = paired_ratio({std::log(2.0), std::log(8.0)});
  EXPECT_NEAR(ratio.ratio, 4, 1e-12);
  EXPECT_EQ(ratio.pairs, 2u);
}

TEST(PairedRatioTest, EqualPairsAreSure) {
  const PairedRatio worse = paired_ratio({0.1, 0.1, 0.1}), same = paired_ratio({0, 0, 0});
  EXPECT_LT(worse.p_greater, 1e-12);
  EXPECT_GT(worse.p_less, 1 - 1e-12);
  EXPECT_EQ(same.p_greater, 1);
  EXPECT_EQ(same.p_less, 1);
  EXPECT_EQ(same.interval.low, 1);
}

TEST(PairedRatioTest, OnePairKnowsNoNoise) {
  const PairedRatio ratio = paired_ratio({0.5});
  EXPECT_TRUE(std::isnan(ratio.interval.low));
  EXPECT_EQ(ratio.p_greater, 1);
}

TEST(PairedRatioTest, SoManyPairsAsItSaysWouldDecide) {
  const PairedRatio few = paired_ratio({0.02, 0.05, -0.01, 0.06});
  const auto needed = pairs_to_decide(few, 0.01);
  ASSERT_TRUE(needed.has_value());
  PairedRatio many = few;
  many.pairs = *needed - 1;
  EXPECT_EQ(pairs_to_decide(many, 0.01), needed);
  EXPECT_FALSE(pairs_to_decide(paired_ratio({0.01, -0.01}), 0.01).has_value()) << "no change, no number decides";
}

}  // namespace
}  // namespace sslbench
