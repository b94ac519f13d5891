// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/temperature_scaling.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/calibration.h"
#include "suites/metrics/softmax.h"

namespace sslbench {
namespace {

constexpr int kHalvings = 100;  // of the range of 1/T: far below double precision

void require_logits(const Matrix& logits, std::span<const int64_t> labels) {
  require(logits.rows == labels.size() && !labels.empty(), "a row of logits for every label, one at least");
  for (const int64_t label : labels) {
    require(label >= 0 && label < static_cast<int64_t>(logits.columns), "label outside 0 .. classes-1");
  }
  require(std::all_of(logits.values.begin(), logits.values.end(), [](double value) { return std::isfinite(value); }),
          "logits are finite");
}

// The derivative by b = 1/T of the sum of the cross-entropies of b x logits: mean logit less that of the label. It
// rises with b.
double slope(const Matrix& logits, std::span<const int64_t> labels, double b) {
  double sum = 0;
  for (size_t r = 0; r < logits.rows; ++r) {
    const auto row = logits.row(r);
    const double largest = *std::max_element(row.begin(), row.end());
    double weights = 0, weighted = 0;
    for (const double value : row) {
      const double weight = std::exp(b * (value - largest));
      weights += weight;
      weighted += weight * (value - largest);
    }
    sum += weighted / weights - (row[static_cast<size_t>(labels[r])] - largest);
  }
  return sum;
}

bool changes_nothing(const Matrix& logits) {
  for (size_t r = 0; r < logits.rows; ++r) {
    const auto row = logits.row(r);
    if (std::any_of(row.begin(), row.end(), [&](double value) { return value != row.front(); })) return false;
  }
  return true;
}

}  // namespace

double best_temperature(const Matrix& logits, std::span<const int64_t> labels, TemperatureRange range) {
  require_logits(logits, labels);
  require(range.low > 0 && range.low <= range.high && std::isfinite(range.high), "a range of temperatures above 0");
  if (changes_nothing(logits)) return std::clamp(1.0, range.low, range.high);
  double low = 1 / range.high, high = 1 / range.low;
  if (slope(logits, labels, low) >= 0) return range.high;
  if (slope(logits, labels, high) <= 0) return range.low;
  for (int i = 0; i < kHalvings && high - low > 1e-14 * high; ++i) {
    const double middle = low + (high - low) / 2;
    (slope(logits, labels, middle) < 0 ? low : high) = middle;
  }
  return 2 / (low + high);
}

ScaledCalibration scaled_calibration(const Matrix& logits, std::span<const int64_t> labels, double temperature,
                                     int bins) {
  require_logits(logits, labels);
  require(temperature > 0, "a temperature above 0");
  ScaledCalibration out;
  for (size_t r = 0; r < logits.rows; ++r) {
    const auto row = logits.row(r);
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const double value : row) sum += std::exp((value - largest) / temperature);
    out.nll += std::log(sum) - (row[static_cast<size_t>(labels[r])] - largest) / temperature;
  }
  out.nll /= static_cast<double>(logits.rows);
  const Matrix probabilities = softmax_rows(logits, 1 / temperature);
  const std::vector<float> rounded(probabilities.values.begin(), probabilities.values.end());
  out.ece = calibration(rounded, static_cast<int64_t>(logits.columns), labels, bins).ece;
  return out;
}

}  // namespace sslbench
