// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "suites/metrics/matrix.h"

namespace sslbench {

// Each row's exp(scale x) over their sum, without overflow.
inline Matrix softmax_rows(Matrix m, double scale = 1) {
  for (size_t r = 0; r < m.rows; ++r) {
    const std::span<double> row = m.row(r);
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& value : row) sum += value = std::exp(scale * (value - largest));
    for (double& value : row) value /= sum;
  }
  return m;
}

}  // namespace sslbench
