// SPDX-License-Identifier: Apache-2.0
// Intervals over seeds and test images, also by simulation with fixed seeds. SSLBENCH_SIMULATIONS=2000 (or more) prints
// the coverage for more sets, spreads and seeds.
#include "reports/statistics/crossed_design.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "reports/comparison/comparison.h"
#include "reports/statistics/distributions.h"
#include "suites/metrics/bootstrap.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

TEST(CrossedDesignTest, AddsWhatImagesDoToAllSeedsAlike) {
  // Seeds 0.4 and 0.6: s^2 / S = 0.02 / 2. Their replicates are (-d, +d) and (-d, +3d) around 0: covariance 4 d^2.
  const double d = 0.01;
  const auto got = crossed_mean({{0.4, 0.6}, {{-d, d}, {-d, 3 * d}}});
  ASSERT_TRUE(got);
  EXPECT_NEAR(got->value, 0.5, 1e-15);
  EXPECT_NEAR(got->of_seeds, 0.01, 1e-15);
  EXPECT_NEAR(got->of_images, 4 * d * d, 1e-15);
  EXPECT_NEAR(crossed_mean({{0.4, 0.6}, {{-d, d}, {-d, 3 * d}}, 5})->of_images, 5 * d * d, 1e-15) << "n / (n - 1)";
}

TEST(CrossedDesignTest, FixedWeightsStayAsUnsureAsTheirImages) {
  std::vector<double> replicates;
  for (uint32_t b = 0; b < 1000; ++b) replicates.push_back(0.031 + 0.02 * sample_normal(90, b));
  const auto got = crossed_mean({{0.031, 0.031, 0.031}, {replicates, replicates, replicates}, 256});
  ASSERT_TRUE(got);
  const Interval interval = crossed_interval(*got);
  EXPECT_NEAR(interval.low, 0.031 - 1.97 * 0.02, 0.002);
  EXPECT_NEAR(interval.high, 0.031 + 1.97 * 0.02, 0.002);
  EXPECT_NEAR(crossed_p(*got), 2 * t_tail(0.031 / 0.02, 255), 0.02);
}

TEST(CrossedDesignTest, WithoutNoiseOfImagesItIsStudents) {
  const std::vector<double> flat(100, 0.5), values{0.50, 0.51, 0.52};
  const auto got = crossed_mean({values, {flat, flat, flat}, 2048});
  ASSERT_TRUE(got);
  EXPECT_NEAR(crossed_interval(*got).high, mean_interval(values).high, 1e-12);
  EXPECT_NEAR(crossed_p({0.51, got->of_seeds, 0, 3, 2048}), 2 * t_tail(0.51 / std::sqrt(got->of_seeds), 2), 1e-6);
}

TEST(CrossedDesignTest, ReplicatesThatAreMissingOrNoNumberSayNothing) {
  EXPECT_FALSE(crossed_mean({{0.4, 0.6}, {{0.1, 0.2}, {0.1}}}));
  EXPECT_FALSE(crossed_mean({{0.4, 0.6}, {{}, {}}}));
  EXPECT_FALSE(crossed_mean({{0.4, 0.6}, {{0.1, 0.2}, {0.1, std::nan("")}}}));
}

TEST(CrossedDesignTest, TheIntervalEndsWhereTheProbabilitySays) {
  for (const size_t seeds : {2, 3, 5, 10, 40}) {
    for (const double share : {0.0, 0.2, 0.5, 0.9, 1.0}) {
      CrossedMean mean{0.01, share * 1e-4, (1 - share) * 1e-4, seeds, 500};
      const double p = crossed_p(mean);
      EXPECT_NEAR(crossed_interval(mean, 1 - p).low, 0, 1e-6) << seeds << " " << share;
      mean.value = 1;
      EXPECT_LT(crossed_p(mean), 0.01);
    }
  }
}

// Two rows on the same images: image i is right with probability q_i + a_s, q and a drawn anew for each simulation.
struct World {
  int images = 200, replicates = 250;
  double seed_spread = 0.03;
  int seeds = 3;
};

class Images {
 public:
  explicit Images(const World& world) : world_(world) {
    for (int b = 0; b < world.replicates; ++b)
      counts_.push_back(resample_counts(world.images, static_cast<uint32_t>(b)));
  }
  StageRecord stage(const std::string& row, int64_t seed, const std::vector<double>& right) const {
    StageRecord out;
    out.name = out.plugin = "linear_probe";
    out.status = "ok";
    out.measurements = {sample_measurement(row, seed, "linear_probe", "top1", mean(right))};
    out.measurements[0].n = world_.images;
    std::vector<double>& replicates = out.replicates["top1"].own();
    for (const std::vector<int32_t>& counts : counts_) {
      double sum = 0;
      for (size_t i = 0; i < right.size(); ++i) sum += counts[i] * right[i];
      replicates.push_back(sum / world_.images);
    }
    return out;
  }

 private:
  World world_;
  std::vector<std::vector<int32_t>> counts_;
};

struct Coverage {
  double mean = 0, difference = 0;
};

constexpr double kMeanA = 0.6, kMeanB = 0.55;

Coverage coverage_of(const World& world, int simulations, uint32_t stream) {
  const Images images(world);
  RandomStream random(20260102, RandomUse::bootstrap, stream, 0);
  uint32_t drawn = 0;
  const auto uniform = [&] { return random.bits() / 4294967296.0; };
  Coverage out;
  for (int s = 0; s < simulations; ++s) {
    std::vector<std::vector<double>> chance(2, std::vector<double>(static_cast<size_t>(world.images)));
    for (int i = 0; i < world.images; ++i) {
      const double common = uniform() - 0.5;  // what makes an image hard for both
      const auto at = static_cast<size_t>(i);
      chance[0][at] = kMeanA + 0.3 * common + 0.2 * (uniform() - 0.5);
      chance[1][at] = kMeanB + 0.3 * common + 0.2 * (uniform() - 0.5);
    }
    ComparisonInput input;
    input.protocols = {"linear_probe"};
    double true_a = kMeanA, true_difference = kMeanA - kMeanB;
    for (int64_t seed = 0; seed < world.seeds; ++seed) {
      for (const char* row : {"a", "b"}) {
        const size_t which = row[0] == 'a' ? 0 : 1;
        const double shift = world.seed_spread * sample_normal(1000 + stream, drawn++);
        std::vector<double> right;
        for (const double q : chance[which]) right.push_back(uniform() < q + shift ? 1 : 0);
        Record record;
        record.row = row;
        record.seed = seed;
        record.run = row + std::to_string(seed);
        record.status = "ok";
        record.stages = {images.stage(row, seed, right)};
        input.planned.push_back({row, seed, record.run});
        input.records.push_back(std::move(record));
        if (world.seeds > 1) continue;  // one seed: the interval is that of this seed
        true_a += which == 0 ? shift : 0;
        true_difference += which == 0 ? shift : -shift;
      }
    }
    const Comparison comparison = compare(std::move(input));
    const Interval of_a = comparison.rows[0].cells[0].interval, lead = difference(comparison, 0, 0, 1).interval;
    out.mean += of_a.low <= true_a && true_a <= of_a.high;
    out.difference += lead.low <= true_difference && true_difference <= lead.high;
  }
  out.mean /= simulations;
  out.difference /= simulations;
  return out;
}

TEST(CrossedDesignTest, NinetyFivePercentIntervalsCoverNinetyFivePercent) {
  for (const int seeds : {1, 2, 3, 5, 10}) {
    const Coverage got = coverage_of({.seeds = seeds}, 2000, static_cast<uint32_t>(seeds));
    RecordProperty("seeds" + std::to_string(seeds), std::to_string(got.mean) + " " + std::to_string(got.difference));
    for (const double covered : {got.mean, got.difference}) {
      EXPECT_GE(covered, 0.935) << seeds << " seeds";
      EXPECT_LE(covered, 0.965) << seeds << " seeds";
    }
  }
}

TEST(CrossedDesignTest, FullTableOfCoverage) {
  const char* asked = std::getenv("SSLBENCH_SIMULATIONS");
  if (asked == nullptr) GTEST_SKIP() << "SSLBENCH_SIMULATIONS=2000 prints it";
  uint32_t stream = 100;
  for (const int images : {100, 400}) {
    for (const double spread : {0.0, 0.01, 0.03, 0.1}) {
      for (const int seeds : {1, 2, 3, 5, 10}) {
        const Coverage got = coverage_of({.images = images, .replicates = 500, .seed_spread = spread, .seeds = seeds},
                                         std::atoi(asked), stream++);
        std::cout << images << " images, spread " << spread << ", " << seeds << " seeds: mean " << got.mean
                  << ", difference " << got.difference << std::endl;
      }
    }
  }
}

}  // namespace
}  // namespace sslbench
