// SPDX-License-Identifier: Apache-2.0
// One side against another by pairs that were measured under the same conditions: B / A over the pairs.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

struct PairedRatio {
  size_t pairs = 0;
  double ratio = 0;                  // geometric mean over pairs
  Interval interval;                 // 95 %; NaN below two pairs
  double deviation = 0;              // of one pair's log ratio
  double p_greater = 1, p_less = 1;  // one-sided: that noise alone makes the ratio as large, as small
};

// Student's t over the logarithms, each pair one sample. Chosen by simulation (tests/reports/statistics/
// paired_ratio_test.cpp) over the estimate of Hodges and Lehmann with Wilcoxon's interval: that needs 6 pairs for 95 %,
// and 9 for the level that a few cells together ask for; with noise as it was measured t finds as much and with long
// tails it errs to the safe side.
PairedRatio paired_ratio(const std::vector<double>& log_ratios);

// How many pairs, more than there are, would make a change that stays as it is significant at `alpha`, one-sided;
// nothing when 1,000 would not.
std::optional<size_t> pairs_to_decide(const PairedRatio& ratio, double alpha);

}  // namespace sslbench
