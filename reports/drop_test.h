// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "reports/statistics.h"

namespace sslbench {

// New runs against single runs of history; `drop` is positive where the new ones are worse.
struct DropTest {
  double history_mean = 0, fresh_mean = 0, drop = 0;
  double standard_error = 0;         // of the mean of the new runs around what history predicts
  double p_worse = 1, p_better = 1;  // one-sided, n - 1 degrees of freedom
  Interval change;                   // 95 % of fresh_mean - history_mean
};

// `least_deviation` is the lowest spread that is believed. Needs two runs of history and one new one.
DropTest drop_test(const std::vector<double>& history, const std::vector<double>& fresh, bool higher_is_better,
                   double least_deviation);

// How many new runs would make a drop of this size significant at `alpha`; nothing when 1,000 would not.
std::optional<size_t> runs_to_decide(const std::vector<double>& history, double drop, double least_deviation,
                                     double alpha);

}  // namespace sslbench
