// SPDX-License-Identifier: Apache-2.0
// The few statistics behind a report's error bars. NaN in, NaN out, but for replicates (kLeastDefined).
#pragma once

#include <vector>

namespace sslbench {

inline constexpr double kConfidence = 0.95;

struct Interval {
  double low = 0, high = 0;
};

double mean(const std::vector<double>& values);
// With n - 1; NaN below two values.
double standard_deviation(const std::vector<double>& values);

// Quantile q of the values by linear interpolation at (n - 1) q (Hyndman and Fan, 1996, type 7; numpy's default).
double quantile(std::vector<double> values, double q);

// Without the NaN among them.
std::vector<double> defined_values(std::vector<double> values);

// An interval is that of the replicates which are defined when at least this share of them is, else none.
inline constexpr double kLeastDefined = 0.95;

// Quantiles (1 - c)/2 and (1 + c)/2 of bootstrap replicates.
Interval percentile_interval(const std::vector<double>& replicates, double confidence = kConfidence);

// The percentile interval of replicates around the value they were resampled from, moved by the bootstrap's estimate of
// its own bias (mean of the replicates - estimate): average precision of resampled images lies above that of the whole
// set, since a repeated image lifts its precision. Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
// ch. 10.
Interval bias_corrected_interval(const std::vector<double>& replicates, double estimate,
                                 double confidence = kConfidence);

// Student's interval of the mean of paired differences, n >= 2: mean -+ t(1/2 + c/2, n - 1) sd / sqrt(n).
Interval mean_interval(const std::vector<double>& differences, double confidence = kConfidence);

}  // namespace sslbench
