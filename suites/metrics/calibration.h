// SPDX-License-Identifier: Apache-2.0
// How far predicted probabilities may be believed.
#pragma once

#include <cstdint>
#include <span>

namespace sslbench {

// NaN without any row, or with a probability that is not finite.
struct Calibration {
  double ece = 0;       // sum over bins of share x |accuracy - confidence|
  double mce = 0;       // the largest |accuracy - confidence| of a bin that is not empty
  double accuracy = 0;  // of the first largest probability
  double nll = 0;       // mean of -ln p(label)
  double brier = 0;     // mean of sum over classes (p - 1[label])^2
};

// `probabilities` is [N, classes]. The confidence is the largest probability; bin i takes (i/bins, (i+1)/bins] with
// edges rounded to float32 (Guo, Pleiss, Sun, Weinberger: "On Calibration of Modern Neural Networks", ICML 2017, eq. 3;
// edges as gpleiss/temperature_scaling has them). InternalError when sizes differ or a label is outside 0 .. classes-1.
Calibration calibration(std::span<const float> probabilities, int64_t classes, std::span<const int64_t> labels,
                        int bins = 15);

}  // namespace sslbench
