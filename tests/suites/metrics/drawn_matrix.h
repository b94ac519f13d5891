// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/ground/random.h"
#include "suites/metrics/matrix.h"

namespace sslbench {

// Uniform in [-scale / 2, scale / 2).
inline Matrix drawn_matrix(size_t rows, size_t columns, uint32_t seed, double scale = 1) {
  RandomStream random(seed, RandomUse::split, 0, 0);
  Matrix out{rows, columns, {}};
  for (size_t i = 0; i < rows * columns; ++i) out.values.push_back(scale * (random.uniform() - 0.5));
  return out;
}

}  // namespace sslbench
