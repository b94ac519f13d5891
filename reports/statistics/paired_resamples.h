// SPDX-License-Identifier: Apache-2.0
// Two models on the same items: whether one is better, by counting and by resampling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

// McNemar (Psychometrika 12, 1947) over the items that only one of two models gets right. Without such an item the
// chi-squares are NaN and p is 1.
struct McNemar {
  double difference = 0;          // share that only a gets right less that of b
  double p_exact = 1, p_mid = 1;  // binomial, and that less the chance of what was seen (Fagerland et al., 2013)
  double chi2 = 0, p_chi2 = 0;    // one degree of freedom
  double chi2_corrected = 0, p_chi2_corrected = 0;  // by one item
};
// InternalError unless all counts are 0 or more and one is more.
McNemar mcnemar(int64_t both_correct, int64_t only_a_correct, int64_t only_b_correct, int64_t both_wrong);

// The mean difference a - b of paired values over given resamples of the pairs (Efron and Tibshirani, 1993, ch. 16).
struct PairedBootstrap {
  double difference = 0;
  Interval interval;
  double standard_error = 0;
  double p_sign = 0;   // twice the lesser share of replicates on one side of 0
  double p_shift = 0;  // the share of replicates at least as far from the difference as that is from 0
};
// InternalError for a place that does not exist.
PairedBootstrap paired_bootstrap(const std::vector<double>& a, const std::vector<double>& b,
                                 const std::vector<std::vector<size_t>>& resamples, double confidence);

// The mean of values[seed][item] when seeds and items are drawn anew. `items[replicate]` holds one list, the same for
// every seed (crossed: Owen, 2007), or one for each drawn seed (nested: Davison and Hinkley, 1997, section 3.8).
struct HierarchicalBootstrap {
  double estimate = 0;
  Interval interval;
  double standard_error = 0, standard_error_seeds_only = 0;
};
HierarchicalBootstrap hierarchical_bootstrap(const std::vector<std::vector<double>>& values,
                                             const std::vector<std::vector<size_t>>& seeds,
                                             const std::vector<std::vector<std::vector<size_t>>>& items,
                                             double confidence);

}  // namespace sslbench
