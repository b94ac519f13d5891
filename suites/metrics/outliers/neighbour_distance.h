// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// The Euclidean distance of each query to its k-th nearest row of the bank, all rows of unit length first (Sun, Ming,
// Zhu, Li: "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022, arXiv:2204.06507); less its square
// is the score of OpenOOD. NaN where a product with the query is not finite. InternalError unless 1 <= k <= bank rows
// and both have the same columns.
std::vector<double> neighbour_distances(const Matrix& bank, const Matrix& queries, size_t k, size_t threads = 1);

}  // namespace sslbench
