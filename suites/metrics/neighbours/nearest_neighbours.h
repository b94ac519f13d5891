// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// The k rows of `bank` of largest inner product with each query.
struct Neighbours {
  std::vector<int64_t> index;     // [queries, k], nearest first; equally near: the lower index first
  std::vector<float> similarity;  // likewise
};

// InternalError unless 1 <= k <= bank rows and both have the same columns. UserError where an inner product is not
// finite: such rows have no order.
Neighbours nearest_neighbours(const Matrix& bank, const Matrix& queries, size_t k, size_t threads = 1);

}  // namespace sslbench
