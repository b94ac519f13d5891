// SPDX-License-Identifier: Apache-2.0
// The squared singular values of features, and what they say of how many dimensions are used.
#pragma once

#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// m'm.
Matrix column_products(const Matrix& m);

// The squared singular values, falling, none below 0: min(rows, columns) of them, from the products of the shorter
// side. Of 50,000 x 512 features that takes seconds, where singular_values() takes minutes; values below some 1e-15 of
// the largest are rounding.
std::vector<double> squared_singular_values(const Matrix& m);

// Sum of the eigenvalues of the covariance over the largest (He and Ozay, "Exploring the Gap between Collapsed and
// Whitened Features in Self-Supervised Learning", ICML 2022). NaN where features are all alike or not finite.
double nesum(const Matrix& features);

// |Z|_F^2 / |Z|_2^2 (Rudelson and Vershynin, J. ACM 54, 2007), and of columns without their mean. NaN where that is 0
// or not finite.
struct StableRank {
  double stable_rank = 0, stable_rank_centered = 0;
};
StableRank stable_rank(const Matrix& features);

}  // namespace sslbench
