// SPDX-License-Identifier: Apache-2.0
// How many dimensions a set of features really uses.
#pragma once

#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

struct EffectiveRank {
  // exp(-sum p ln p), p = sigma / sum(sigma) + 1e-7, neither centred nor renormalised (Garrido, Balestriero, Najman,
  // LeCun: "RankMe", ICML 2023, arXiv:2210.02885, eq. 2); `rankme_centered` of columns without their mean.
  double rankme = 0, rankme_centered = 0;
  double effective_rank = 0;       // without the 1e-7 (Roy and Vetterli, EUSIPCO 2007)
  double participation_ratio = 0;  // tr(C)^2 / tr(C^2) of the centred covariance C
  double feature_std = 0;          // mean over dimensions of the unbiased std of rows of unit length (SimSiam)
  std::vector<double> spectrum;    // sigma / sigma_1
};

// rankme of these singular values; NaN where they are all 0 or not finite.
double rankme_of(std::span<const double> sigma);

// NaN where features are all zero, not finite or too large to be squared and, for what is centred, all alike. Rows are
// images.
EffectiveRank effective_rank(const Matrix& features);

}  // namespace sslbench
