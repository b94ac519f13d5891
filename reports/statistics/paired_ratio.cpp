// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_ratio.h"

#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"

namespace sslbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double error_of(double deviation, size_t pairs) { return deviation / std::sqrt(static_cast<double>(pairs)); }

}  // namespace

PairedRatio paired_ratio(const std::vector<double>& log_ratios) {
  PairedRatio out;
  out.pairs = log_ratios.size();
  const double middle = mean(log_ratios);
  out.ratio = std::exp(middle);
  out.interval = {kNone, kNone};
  out.deviation = standard_deviation(log_ratios);
  if (!std::isfinite(middle) || !std::isfinite(out.deviation)) return out;
  const double error = error_of(out.deviation, out.pairs), df = static_cast<double>(out.pairs) - 1;
  const double half = t_quantile((1 + kConfidence) / 2, df) * error;
  out.interval = {std::exp(middle - half), std::exp(middle + half)};
  if (error > 0) {
    out.p_greater = t_tail(middle / error, df);
    out.p_less = t_tail(-middle / error, df);
  } else {  // the same in every pair, as memory may be
    out.p_greater = middle > 0 ? 0 : 1;
    out.p_less = middle < 0 ? 0 : 1;
  }
  return out;
}

std::optional<size_t> pairs_to_decide(const PairedRatio& ratio, double alpha) {
  constexpr size_t kMost = 1000;
  const double change = std::abs(std::log(ratio.ratio));
  if (!(change > 0) || !(ratio.deviation >= 0)) return std::nullopt;
  for (size_t pairs = ratio.pairs + 1; pairs <= kMost; ++pairs) {
    if (t_tail(change / error_of(ratio.deviation, pairs), static_cast<double>(pairs) - 1) <= alpha) return pairs;
  }
  return std::nullopt;
}

}  // namespace sslbench
