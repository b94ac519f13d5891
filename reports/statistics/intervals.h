// SPDX-License-Identifier: Apache-2.0
// Intervals of one group: of a share, of what future runs will give, of a resampled statistic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

// Wilson's score interval of a share, without continuity correction (JASA 22, 1927); exactly 0 and 1 at the ends.
// InternalError unless 0 <= successes <= trials and trials > 0.
Interval wilson_interval(int64_t successes, int64_t trials, double confidence = kConfidence);

// Interval of a fraction with these bootstrap replicates over test images: the bias-corrected one, kept within 0 and 1.
// `n`: of how many images it is the share, 0 when it is no share (AP, mIoU). A share of exactly 0 or 1 is the same in
// every resample, and the bootstrap knows no uncertainty; Wilson's interval does.
Interval fraction_interval(const std::vector<double>& replicates, double fraction, int64_t n);

// Where the mean of `new_runs` runs will lie if nothing changed: mean -+ t(1/2 + c/2, n - 1) sd sqrt(1/m + 1/n).
// NaN below two runs of history.
struct PredictionInterval {
  double mean = 0, sd = 0, t_quantile = 0;
  Interval interval;
  double one_sided_low = 0;  // with t(c, n - 1)
  Interval of_mean;          // of the mean itself: not what the gate asks
};
PredictionInterval prediction_interval(const std::vector<double>& history, double confidence, int64_t new_runs);

struct ResampledStatistic {
  double estimate = 0;
  Interval interval;          // quantiles of the replicates
  double standard_error = 0;  // their standard deviation, with B - 1
};
struct ResampledLocation {
  ResampledStatistic mean, median;
};

// Mean and median of `values` over given resamples (each a list of places in `values`). InternalError for a place that
// does not exist.
ResampledLocation bootstrap_percentile(const std::vector<double>& values,
                                       const std::vector<std::vector<size_t>>& resamples, double confidence);

}  // namespace sslbench
