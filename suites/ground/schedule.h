// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace sslbench {

// Half a cosine from `from` at step 0 to `to` at step `steps`.
inline double cosine(double from, double to, int64_t step, int64_t steps) {
  if (step >= steps) return to;
  const double done = static_cast<double>(step) / static_cast<double>(steps);
  return to + 0.5 * (from - to) * (1 + std::cos(std::numbers::pi * done));
}

}  // namespace sslbench
