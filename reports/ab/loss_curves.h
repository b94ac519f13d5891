// SPDX-License-Identifier: Apache-2.0
// How far the loss curves of two sides lie apart, seed by seed.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/ab/ab_runs.h"

namespace sslbench {

// |a - b| over the larger of |a| and |b|, at most 2: 0 where both are equal. NaN is as far off as can be.
struct CurveDistance {
  double largest = 0;
  int64_t step = -1;    // where it is
  int64_t parted = -1;  // the first step at which the curves differ at all; -1: never
  size_t points = 0;    // steps that both curves hold
};

struct LossCurves {
  std::string row;
  CurveDistance between;  // the farthest of all rounds; `points` of all
};

LossCurves loss_curves_of(const AbRow& row);

}  // namespace sslbench
