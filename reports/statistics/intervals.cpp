// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

ResampledStatistic resampled(double estimate, const std::vector<double>& replicates, double confidence) {
  return {estimate, percentile_interval(replicates, confidence), standard_deviation(replicates)};
}

}  // namespace

Interval wilson_interval(int64_t successes, int64_t trials, double confidence) {
  require(trials > 0 && successes >= 0 && successes <= trials, "0 <= successes <= trials, trials > 0");
  const double n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double z = normal_quantile((1 + confidence) / 2);
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half};
}

Interval fraction_interval(const std::vector<double>& replicates, double fraction, int64_t n) {
  if (n > 0 && (fraction == 0 || fraction == 1)) return wilson_interval(fraction == 0 ? 0 : n, n);
  const Interval out = bias_corrected_interval(replicates, fraction);
  if (std::isnan(out.low)) return out;
  return {std::max(0.0, out.low), std::min(1.0, out.high)};
}

PredictionInterval prediction_interval(const std::vector<double>& history, double confidence, int64_t new_runs) {
  require(new_runs > 0 && confidence > 0 && confidence < 1, "at least one new run and a confidence in (0, 1)");
  PredictionInterval out{mean(history), standard_deviation(history)};
  if (history.size() < 2) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {out.mean, kNone, kNone, {kNone, kNone}, kNone, {kNone, kNone}};
  }
  const double n = static_cast<double>(history.size());
  const double spread = out.sd * std::sqrt(1 / static_cast<double>(new_runs) + 1 / n);
  out.t_quantile = t_quantile((1 + confidence) / 2, n - 1);
  out.interval = {out.mean - out.t_quantile * spread, out.mean + out.t_quantile * spread};
  out.one_sided_low = out.mean - t_quantile(confidence, n - 1) * spread;
  const double half = out.t_quantile * out.sd / std::sqrt(n);
  out.of_mean = {out.mean - half, out.mean + half};
  return out;
}

ResampledLocation bootstrap_percentile(const std::vector<double>& values,
                                       const std::vector<std::vector<size_t>>& resamples, double confidence) {
  std::vector<double> means, medians;
  for (const std::vector<size_t>& places : resamples) {
    std::vector<double> drawn;
    for (const size_t place : places) {
      require(place < values.size(), "a resample names a value that does not exist");
      drawn.push_back(values[place]);
    }
    means.push_back(mean(drawn));
    medians.push_back(quantile(drawn, 0.5));
  }
  return {resampled(mean(values), means, confidence), resampled(quantile(values, 0.5), medians, confidence)};
}

}  // namespace sslbench
