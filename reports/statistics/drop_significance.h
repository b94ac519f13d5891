// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

// New runs against history; `drop` is positive where the new ones are worse.
struct DropTest {
  double history_mean = 0, fresh_mean = 0, drop = 0;
  double standard_error = 0;  // of the mean of the new runs around what history predicts
  double df = 0;
  double p_worse = 1, p_better = 1;  // one-sided
  Interval change;                   // 95 % of fresh_mean - what history predicts
};

// Results: every run is a sample. `least_deviation` is the lowest spread that is believed. Needs two runs of history
// and one new one.
DropTest drop_test(const std::vector<double>& history, const std::vector<double>& fresh, bool higher_is_better,
                   double least_deviation);

// How many new runs would make a drop of this size significant at `alpha`; nothing when 1,000 would not.
std::optional<size_t> runs_to_decide(const std::vector<double>& history, double drop, double least_deviation,
                                     double alpha);

// Costs: the runs of one night share the machine, so that a night's mean is one sample; and nights resemble those
// before. The new night is compared with what an autoregression of this memory around the mean of the nights predicts
// of it (generalised least squares, n - 1 degrees of freedom): the same one-step error that the nights had among
// themselves, whatever memory they really have. Simulated over memories of 0 to 0.9 and 4 to 50 nights, a probability
// that should be p is 0.7 to 1.2 p. Taken with no memory it would be up to 2.7 p.
inline constexpr double kMachineMemory = 0.8;
DropTest night_test(const std::vector<double>& nights, double fresh, bool higher_is_better, double least_deviation);
// The deviation of those one-step errors; NaN below two nights.
double night_deviation(const std::vector<double>& nights);

// The same seeds before and after a change of the code, on a machine where runs repeat bit by bit. A change that merely
// reshuffles bits draws the noise of training anew, so that both sides are samples of one distribution: Student's t
// over their pooled spread, which is exact then and errs to the safe side where the sides move together. One seed shows
// no spread: its noise is taken for that of a share of `images` images and twice as much of training.
DropTest same_seed_test(const std::vector<double>& before, const std::vector<double>& after, bool higher_is_better,
                        int64_t images);

}  // namespace sslbench
