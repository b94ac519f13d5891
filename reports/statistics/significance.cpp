// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/significance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TTest t_test(double difference, double standard_error, double df, double confidence) {
  if (!(standard_error > 0) || !(df > 0)) return {kNone, kNone, kNone, kNone, {kNone, kNone}};
  TTest out{difference / standard_error, df};
  out.p = 2 * t_tail(std::abs(out.t), df);
  out.p_less = t_cdf(out.t, df);
  const double half = t_quantile((1 + confidence) / 2, df) * standard_error;
  out.interval = {difference - half, difference + half};
  return out;
}

}  // namespace

TTest welch_t(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
  if (a.size() < 2 || b.size() < 2) return t_test(kNone, kNone, kNone, confidence);
  const double m = static_cast<double>(a.size()), n = static_cast<double>(b.size());
  const double of_a = std::pow(standard_deviation(a), 2) / m, of_b = std::pow(standard_deviation(b), 2) / n;
  const double df = (of_a + of_b) * (of_a + of_b) / (of_a * of_a / (m - 1) + of_b * of_b / (n - 1));
  return t_test(mean(a) - mean(b), std::sqrt(of_a + of_b), df, confidence);
}

TTest paired_t(const std::vector<double>& a, const std::vector<double>& b, double confidence) {
  require(a.size() == b.size(), "pairs need as many values on both sides");
  std::vector<double> differences;
  for (size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const double n = static_cast<double>(a.size());
  return t_test(mean(differences), standard_deviation(differences) / std::sqrt(n), n - 1, confidence);
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double highest = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    highest = std::max(highest, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    adjusted[order[i]] = highest;
  }
  return adjusted;
}

}  // namespace sslbench
