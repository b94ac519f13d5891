// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sslbench {

// The upper edge of bin i of `bins` equal ones over (0, 1]: (i + 1) / bins rounded to float32, as
// gpleiss/temperature_scaling has it.
inline double bin_edge(int i, int bins) {
  return i + 1 == bins ? 1.0 : static_cast<double>(static_cast<float>((i + 1) * (1.0 / bins)));
}

// The number of the bin (lo, hi] that holds `confidence`; `bins` when none does.
inline size_t confidence_bin(double confidence, int bins) {
  if (!(confidence > 0) || confidence > 1) return static_cast<size_t>(bins);
  int i = std::min(static_cast<int>(confidence * bins), bins - 1);
  while (i > 0 && confidence <= bin_edge(i - 1, bins)) --i;
  while (confidence > bin_edge(i, bins)) ++i;
  return static_cast<size_t>(i);
}

}  // namespace sslbench
