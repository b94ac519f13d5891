// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

inline constexpr int kResamples = 1000;

// Shares of `kResamples` resamples, by row; undefined for rows that do not compete.
struct RankStability {
  bool over_seeds = false;    // and test images; else over these alone, the same in every row
  std::vector<double> best;   // the row is the best one
  std::vector<double> front;  // no other row is better at a lower or equal cost
  // All rows stay in their order when test images alone are drawn anew; and when a quarter as many are, which moves
  // every number twice as far.
  double same_order = kUndefined, same_order_quarter = kUndefined;
};

// How firmly a column ranks the rows that compete in it: test images are drawn anew, the same for every row, and where
// rows have several seeds these, too, each row's own with replacement. Draws depend on column and row alone. Nothing
// when fewer than two rows compete, some have one seed and others more, or runs lack replicates of the same images.
std::optional<RankStability> rank_stability(const Comparison& comparison, size_t column);

}  // namespace sslbench
