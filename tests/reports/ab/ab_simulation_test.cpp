// SPDX-License-Identifier: Apache-2.0
// How often `ab` is wrong, with noise as it was measured: log ratios of 12 rounds of one build against itself (SimCLR
// on a small network, one thread, 3.5 s of processor time a run) beside two processes that only compute, and a
// compiler, on two cores.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <limits>

#include "reports/ab/ab_report.h"
#include "suites/ground/random.h"

namespace sslbench {
namespace {

constexpr double kNoiseOfTime[] = {0.0015, 0.0003,  -0.0025, 0.0240, 0.0247, -0.0415,
                                   0.0044, -0.0053, -0.0045, 0.0297, 0.0165, -0.0008};
constexpr double kNoiseOfSpeed[] = {0.0024,  0.0510, 0.0795,  -0.0271, 0.0034,  0.0265,
                                    -0.0052, 0.0210, -0.0091, 0.1607,  -0.0553, 0.0284};
constexpr int kRounds = 16;  // the default of --rounds

// One comparison: rounds drawn from those measured, on either side with equal chance; the new side is slower by
// `factor`.
AbReport comparison(uint32_t number, size_t rows, double factor) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  AbInput input;
  input.margin = 1;
  for (uint32_t r = 0; r < rows; ++r) {
    AbRow row{"row" + std::to_string(r), {}, ""};
    for (uint32_t round = 0; round < kRounds; ++round) {
      RandomStream random(71, RandomUse::bootstrap, number, r * kRounds + round);
      const uint32_t drawn = random.bits() % std::size(kNoiseOfTime);
      const double side = random.bits() % 2 == 0 ? 1 : -1;
      AbRun before{1, 1000, 1e8, kNone, {}}, after = before;
      after.cpu_per_image = factor * std::exp(side * kNoiseOfTime[drawn]);
      after.images_per_second = 1000 / factor * std::exp(side * kNoiseOfSpeed[drawn]);
      row.rounds.push_back({before, after});
    }
    input.rows.push_back(std::move(row));
  }
  return judge_ab(std::move(input));
}

double share_of_alarms(size_t rows, double factor) {
  constexpr uint32_t kComparisons = 2000;
  double alarms = 0;
  for (uint32_t i = 0; i < kComparisons; ++i) alarms += comparison(i, rows, factor).count(Verdict::regressed) > 0;
  std::cout << rows << " rows, " << factor << " times the cost: alarms in " << 100 * alarms / kComparisons << " %\n";
  return alarms / kComparisons;
}

TEST(AbSimulationTest, ThreePercentSlowerIsFoundInNineteenOfTwentyComparisons) {
  EXPECT_GE(share_of_alarms(1, 1.03), 0.95);
  EXPECT_GE(share_of_alarms(6, 1.03), 0.95);
}

TEST(AbSimulationTest, AtMostTwoOfAHundredComparisonsOfEqualBuildsAlarm) {
  EXPECT_LE(share_of_alarms(1, 1), 0.02);
  EXPECT_LE(share_of_alarms(6, 1), 0.02);
}

}  // namespace
}  // namespace sslbench
