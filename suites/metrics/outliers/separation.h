// SPDX-License-Identifier: Apache-2.0
// How well scores tell images of the training distribution (higher scores) from others.
#pragma once

#include <span>

namespace sslbench {

// NaN without a score on either side, or with one that is NaN. `_in`: the distribution's own are the positives; `_out`:
// the others, and scores change sign. Equal scores enter together, and no point of a curve is dropped.
struct Separation {
  double auroc = 0;                  // P(in > out) + P(in = out) / 2
  double aupr_in = 0, aupr_out = 0;  // trapezoids over precision and recall, from recall 0, precision 1 (OpenOOD)
  double ap_in = 0, ap_out = 0;      // sum of recall step x precision (scikit-learn)
  // The false positive rate at the first threshold whose true positive rate reaches `recall`.
  double fpr_out_positive = 0;  // as Jingkang50/OpenOOD prints it
  double fpr_in_positive = 0;
};

Separation separation(std::span<const double> in, std::span<const double> out, double recall = 0.95);

}  // namespace sslbench
