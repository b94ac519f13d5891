// SPDX-License-Identifier: Apache-2.0
// One number a row over all protocols and data sets.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "reports/comparison/comparison.h"
#include "reports/statistics/aggregates.h"

namespace sslbench {

inline constexpr size_t kLeastTasks = 3;  // of fewer, the reader sees every number at once
inline constexpr std::array<double, 4> kProfile{0.2, 0.4, 0.6, 0.8};

// Over the runs of a row that have a value in every task.
struct RowOverTasks {
  size_t row = 0, runs = 0;
  AggregateScore iqm;              // fractions; the interval is over seeds, undefined with one
  double mean = kUndefined;        // of the tasks' means over runs
  double place = kUndefined;       // mean over tasks of the place among these rows, 1 = best; equal ones share
  double over_floor = kUndefined;  // probability that a run is better than one of the floor, mean over tasks
  std::vector<double> profile;     // share of runs and tasks above each of kProfile
};

struct OverTasks {
  std::vector<size_t> columns;  // the tasks
  std::vector<RowOverTasks> rows;
};

// A task is the first headline of a protocol on a data set that is a fraction of which more is better. Nothing with
// fewer than kLeastTasks of them, or fewer than two rows that have all.
std::optional<OverTasks> over_tasks(const Comparison& comparison);

}  // namespace sslbench
