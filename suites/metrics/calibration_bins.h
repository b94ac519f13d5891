// SPDX-License-Identifier: Apache-2.0
// Calibration errors that equal bins of the largest probability do not see.
#pragma once

#include <cstdint>
#include <span>

#include "suites/metrics/matrix.h"

namespace sslbench {

// NaN without any row, or with a logit that is not finite. Probabilities are the softmax of the logits, the confidence
// is the largest, first at equality.
struct BinnedCalibration {
  // Sum over groups of share x |accuracy - confidence|: rows in stable rising order of their confidence, cut into
  // groups of equal size, the first n mod bins one larger.
  double adaptive_ece = 0;
  // The same over bins (lo, hi] between the confidences at places j n / bins, interpolated, as
  // torrvision/focal_calibration has it: the lowest confidence is in no bin.
  double adaptive_ece_edges = 0;
  // Mean over classes of: sum over equal bins (lo, hi] of the class's probability of share x |mean probability - share
  // of the class| (Kull et al., NeurIPS 2019, arXiv:1910.12656).
  double classwise_ece = 0;
};

// InternalError when sizes differ, or a label or `bins` is out of range.
BinnedCalibration binned_calibration(const Matrix& logits, std::span<const int64_t> labels, int bins);

}  // namespace sslbench
