// SPDX-License-Identifier: Apache-2.0
// How fast the eigenvalues of features fall (Agrawal, Mondal, Ghosh, Richards: "alpha-ReQ: Assessing Representation
// Quality in Self-Supervised Learning by measuring eigenspectrum decay", NeurIPS 2022; kumarkrishna/fastssl
// fastssl/utils/powerlaw.py).
#pragma once

#include <cstdint>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// weighted: least squares of ln l on ln rank, weights 1/rank (the authors'). ols: weights 1. robust: the median of the
// ols slopes over the ranks i .. i + w, for each i in the range, w a tenth of it.
enum class PowerLawFit { weighted, ols, robust };

// Which ranks are fitted decides the value; published ones take 4-50, 4-100, 6-50 and 11-100. Both ends count from 1
// and belong to it.
struct RankRange {
  int64_t from = 0, to = 0;
};

struct PowerLaw {
  double alpha = 0;
  // 1 - SSE / SST of ln l over the ranks from + 1 .. t, where t is 500 of 512 or more eigenvalues, else ten less than
  // they are: as the authors have it, one off. NaN for the other fits.
  double r2 = 0;
  std::vector<double> spectrum;  // eigenvalues of the covariance over their sum
};

// NaN where features are all alike or not finite, or an eigenvalue of the range is 0. The first `most` eigenvalues at
// most are used. UserError where the range needs more of them than there are, or has too few ranks for a slope.
PowerLaw power_law(const Matrix& features, PowerLawFit fit, RankRange range, int64_t most);

}  // namespace sslbench
