// SPDX-License-Identifier: Apache-2.0
#include "reports/drop_test.h"

#include <algorithm>
#include <cmath>

#include "reports/distributions.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

double spread_of(const std::vector<double>& history, size_t fresh, double least_deviation) {
  const double sd = std::max(standard_deviation(history), least_deviation);
  return sd * std::sqrt(1 / static_cast<double>(fresh) + 1 / static_cast<double>(history.size()));
}

// The chance of a value at least this far above 0; without any spread every difference is certain.
double tail(double value, double standard_error, double df) {
  if (standard_error > 0) return t_tail(value / standard_error, df);
  return value > 0 ? 0 : value < 0 ? 1 : 0.5;
}

}  // namespace

DropTest drop_test(const std::vector<double>& history, const std::vector<double>& fresh, bool higher_is_better,
                   double least_deviation) {
  require(history.size() >= 2 && !fresh.empty(), "two runs of history and a new one");
  const double df = static_cast<double>(history.size() - 1);
  DropTest out{mean(history), mean(fresh)};
  const double change = out.fresh_mean - out.history_mean;
  out.drop = higher_is_better ? -change : change;
  out.standard_error = spread_of(history, fresh.size(), least_deviation);
  out.p_worse = tail(out.drop, out.standard_error, df);
  out.p_better = tail(-out.drop, out.standard_error, df);
  const double half = t_quantile((1 + kConfidence) / 2, df) * out.standard_error;
  out.change = {change - half, change + half};
  return out;
}

std::optional<size_t> runs_to_decide(const std::vector<double>& history, double drop, double least_deviation,
                                     double alpha) {
  constexpr size_t kMost = 1000;
  const double df = static_cast<double>(history.size() - 1);
  for (size_t fresh = 1; fresh <= kMost; ++fresh) {
    if (tail(drop, spread_of(history, fresh, least_deviation), df) <= alpha) return fresh;
  }
  return std::nullopt;
}

}  // namespace sslbench
