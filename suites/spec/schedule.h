// SPDX-License-Identifier: Apache-2.0
// Schedules: pure functions of the step. Methods (momenta, temperatures) and training (learning rate) share them.
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

// Linear warm-up over `warmup` steps (step i has (i + 1) / warmup of `base`: never 0), then half a cosine to `final`
// over the rest. The last step is one short of `final`, as in MoCo v3 and MAE.
inline double warmup_cosine(double base, double final, int64_t step, int64_t warmup, int64_t steps) {
  if (step < warmup) return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
  return cosine(base, final, step - warmup, steps - warmup);
}

}  // namespace sslbench
