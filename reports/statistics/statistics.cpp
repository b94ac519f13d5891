// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "reports/statistics/distributions.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double mean(const std::vector<double>& values) {
  if (values.empty()) return kUndefined;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(const std::vector<double>& values) {
  if (values.size() < 2) return kUndefined;
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double quantile(std::vector<double> values, double q) {
  const bool defined = std::none_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
  if (values.empty() || !defined) return kUndefined;
  std::sort(values.begin(), values.end());
  const double place = static_cast<double>(values.size() - 1) * q;
  const size_t below = static_cast<size_t>(place), above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

std::vector<double> defined_values(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

Interval percentile_interval(const std::vector<double>& replicates, double confidence) {
  const std::vector<double> defined = defined_values(replicates);
  if (static_cast<double>(defined.size()) < kLeastDefined * static_cast<double>(replicates.size())) {
    return {kUndefined, kUndefined};
  }
  return {quantile(defined, (1 - confidence) / 2), quantile(defined, (1 + confidence) / 2)};
}

Interval bias_corrected_interval(const std::vector<double>& replicates, double estimate, double confidence) {
  const Interval raw = percentile_interval(replicates, confidence);
  const double bias = mean(defined_values(replicates)) - estimate;
  return {raw.low - bias, raw.high - bias};
}

Interval mean_interval(const std::vector<double>& differences, double confidence) {
  if (differences.size() < 2) return {kUndefined, kUndefined};
  const double n = static_cast<double>(differences.size());
  const double half = t_quantile((1 + confidence) / 2, n - 1) * standard_deviation(differences) / std::sqrt(n);
  return {mean(differences) - half, mean(differences) + half};
}

}  // namespace sslbench
