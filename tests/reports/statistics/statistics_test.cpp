// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

using nlohmann::json;

double median(const std::vector<double>& values) { return quantile(values, 0.5); }

void expect_case(const json& one, const char* name, double (*statistic)(const std::vector<double>&), double rtol) {
  const std::vector<double> values = one.at("input").at("values");
  std::vector<double> replicates;
  for (const json& indices : one.at("input").at("indices")) {
    std::vector<double> resample;
    for (const size_t i : indices) resample.push_back(values.at(i));
    replicates.push_back(statistic(resample));
  }
  const Interval got = percentile_interval(replicates, one.at("input").at("confidence"));
  const json& expected = one.at("expected").at(name);
  const auto near = [rtol](double a, double b) { EXPECT_NEAR(a, b, 1e-12 + rtol * std::fabs(b)); };
  near(statistic(values), expected.at("estimate"));
  near(got.low, expected.at("low"));
  near(got.high, expected.at("high"));
  near(standard_deviation(replicates), expected.at("standard_error"));
}

TEST(StatisticsTest, PercentileIntervalsEqualNumpys) {
  const json golden = json::parse(read_file(SSLBENCH_SOURCE_DIR "/tests/golden/metrics/bootstrap_percentile.json"));
  ASSERT_FALSE(golden.at("cases").empty());
  for (const json& one : golden.at("cases")) {
    expect_case(one, "mean", mean, golden.at("rtol"));
    expect_case(one, "median", median, golden.at("rtol"));
  }
}

TEST(StatisticsTest, MeanIntervalEqualsTheTable) {
  // t(0.975, 3) = 3.182446; sd = 1.290994; half = 3.182446 * 1.290994 / 2.
  const Interval got = mean_interval({1, 2, 3, 4});
  EXPECT_NEAR(got.low, 2.5 - 2.054260, 1e-5);
  EXPECT_NEAR(got.high, 2.5 + 2.054260, 1e-5);
}

TEST(StatisticsTest, TooFewOrUndefinedValuesGiveNan) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_TRUE(std::isnan(standard_deviation({1})));
  EXPECT_TRUE(std::isnan(mean_interval({1}).low));
  EXPECT_TRUE(std::isnan(percentile_interval({1, std::nan(""), 2}).low));
}

TEST(StatisticsTest, AFewUndefinedReplicatesAreLeftOutOfAnInterval) {
  std::vector<double> replicates;
  for (int i = 0; i < 999; ++i) replicates.push_back(0.4 + 0.0002 * i);
  const Interval all = percentile_interval(replicates);
  replicates.insert(replicates.begin() + 500, std::nan(""));
  const Interval with = percentile_interval(replicates);
  EXPECT_EQ(with.low, all.low);
  EXPECT_EQ(with.high, all.high);
  EXPECT_NEAR(bias_corrected_interval(replicates, 0.5).low, all.low, 1e-3);
}

TEST(StatisticsTest, ManyUndefinedReplicatesGiveNoInterval) {
  std::vector<double> replicates(1000, 0.5);
  std::fill_n(replicates.begin(), 51, std::nan(""));
  EXPECT_TRUE(std::isnan(percentile_interval(replicates).low));
  EXPECT_TRUE(std::isnan(bias_corrected_interval(replicates, 0.5).high));
}

}  // namespace
}  // namespace sslbench
