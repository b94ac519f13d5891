// SPDX-License-Identifier: Apache-2.0
// Logits over one temperature (Guo, Pleiss, Sun, Weinberger: "On Calibration of Modern Neural Networks", ICML 2017).
#pragma once

#include <cstdint>
#include <span>

#include "suites/metrics/matrix.h"

namespace sslbench {

struct TemperatureRange {
  double low = 0.02, high = 50;
};

// The temperature within the range of lowest mean cross-entropy of logits / T, which is convex in 1/T; an end where it
// falls beyond, as for logits that are always right. 1 where it changes nothing. InternalError unless there is a row,
// logits are finite and 0 < low <= high.
double best_temperature(const Matrix& logits, std::span<const int64_t> labels, TemperatureRange range = {});

// Mean cross-entropy and calibration error (suites/metrics/calibration.h) of softmax(logits / temperature).
struct ScaledCalibration {
  double nll = 0, ece = 0;
};
ScaledCalibration scaled_calibration(const Matrix& logits, std::span<const int64_t> labels, double temperature,
                                     int bins = 15);

}  // namespace sslbench
