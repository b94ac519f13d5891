// SPDX-License-Identifier: Apache-2.0
// Whether two groups of runs differ, and how many such questions may be asked at once.
#pragma once

#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

// NaN where it is undefined: fewer than two values, or no spread at all.
struct TTest {
  double t = 0, df = 0;
  double p = 0;       // two-sided
  double p_less = 0;  // of the alternative "mean of a below mean of b"
  Interval interval;  // of mean of a - mean of b
};

// Groups of unequal spread (Welch, 1947; degrees of freedom of Satterthwaite).
TTest welch_t(const std::vector<double>& a, const std::vector<double>& b, double confidence = kConfidence);

// The differences a - b of paired values; InternalError unless both have the same size.
TTest paired_t(const std::vector<double>& a, const std::vector<double>& b, double confidence = kConfidence);

// Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979): rejecting where the adjusted p is at most
// alpha keeps the chance of any false rejection at alpha, whatever depends on what.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace sslbench
