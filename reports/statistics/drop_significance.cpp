// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/drop_significance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

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

// `shift`: the new runs less what history predicts.
DropTest tested(DropTest out, double shift, bool higher_is_better) {
  const double change = out.fresh_mean - out.history_mean, worse = higher_is_better ? -shift : shift;
  out.drop = higher_is_better ? -change : change;
  out.p_worse = tail(worse, out.standard_error, out.df);
  out.p_better = tail(-worse, out.standard_error, out.df);
  const double half = t_quantile((1 + kConfidence) / 2, out.df) * out.standard_error;
  out.change = {shift - half, shift + half};
  return out;
}

// Nights as an autoregression of kMachineMemory sees them.
struct Nights {
  double level = 0;     // their mean by generalised least squares
  double weight = 0;    // 1 / its variance, in units of a one-step error's
  double variance = 0;  // of a one-step error, n - 1 degrees of freedom
};

Nights nights_of(const std::vector<double>& nights) {
  constexpr double kKept = kMachineMemory, kNew = 1 - kMachineMemory, kFirst = 1 - kMachineMemory * kMachineMemory;
  Nights out;
  double sum = kFirst * nights.front();
  out.weight = kFirst;
  for (size_t i = 1; i < nights.size(); ++i) {
    sum += kNew * (nights[i] - kKept * nights[i - 1]);
    out.weight += kNew * kNew;
  }
  out.level = sum / out.weight;
  double squares = kFirst * std::pow(nights.front() - out.level, 2);
  for (size_t i = 1; i < nights.size(); ++i) {
    squares += std::pow((nights[i] - out.level) - kKept * (nights[i - 1] - out.level), 2);
  }
  out.variance = squares / static_cast<double>(nights.size() - 1);
  return out;
}

double share_variance(double share, int64_t images) {
  const double n = static_cast<double>(std::max<int64_t>(images, 1));
  return std::max(share * (1 - share), 1 / n) / n;
}

}  // namespace

DropTest drop_test(const std::vector<double>& history, const std::vector<double>& fresh, bool higher_is_better,
                   double least_deviation) {
  require(history.size() >= 2 && !fresh.empty(), "two runs of history and a new one");
  DropTest out{mean(history), mean(fresh)};
  out.df = static_cast<double>(history.size() - 1);
  out.standard_error = spread_of(history, fresh.size(), least_deviation);
  return tested(out, out.fresh_mean - out.history_mean, higher_is_better);
}

std::optional<size_t> runs_to_decide(const std::vector<double>& history, double drop, double least_deviation,
                                     double alpha) {
  constexpr double kMost = 1000;
  const double n = static_cast<double>(history.size());
  const double sd = std::max(standard_deviation(history), least_deviation);
  // drop >= t sd sqrt(1 / runs + 1 / n)
  const double reach = drop / (t_quantile(1 - alpha, n - 1) * sd), room = reach * reach - 1 / n;
  if (!(drop > 0) || !(room * kMost >= 1)) return std::nullopt;
  return static_cast<size_t>(std::max(1.0, std::ceil(1 / room)));
}

DropTest night_test(const std::vector<double>& nights, double fresh, bool higher_is_better, double least_deviation) {
  require(nights.size() >= 2, "two nights of history");
  const Nights past = nights_of(nights);
  DropTest out{mean(nights), fresh};
  out.df = static_cast<double>(nights.size() - 1);
  const double deviation = std::max(std::sqrt(past.variance), least_deviation);
  out.standard_error = deviation * std::sqrt(1 + std::pow(1 - kMachineMemory, 2) / past.weight);
  return tested(out, (fresh - past.level) - kMachineMemory * (nights.back() - past.level), higher_is_better);
}

double night_deviation(const std::vector<double>& nights) {
  if (nights.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(nights_of(nights).variance);
}

DropTest same_seed_test(const std::vector<double>& before, const std::vector<double>& after, bool higher_is_better,
                        int64_t images) {
  constexpr double kMany = 1e6;         // degrees of freedom of what is known
  constexpr double kTrainingNoise = 2;  // in deviations of the images'
  require(!before.empty() && before.size() == after.size(), "the same seeds before and after");
  const double seeds = static_cast<double>(before.size());
  DropTest out{mean(before), mean(after)};
  if (before.size() == 1) {
    out.df = kMany;
    out.standard_error = std::sqrt((1 + kTrainingNoise * kTrainingNoise) *
                                   (share_variance(before[0], images) + share_variance(after[0], images)));
  } else {
    out.df = 2 * (seeds - 1);
    const double pooled = std::hypot(standard_deviation(before), standard_deviation(after)) / std::sqrt(2.0);
    const double one_image = 1 / static_cast<double>(std::max<int64_t>(images, 1));
    out.standard_error = std::max(pooled, one_image) * std::sqrt(2 / seeds);
  }
  return tested(out, out.fresh_mean - out.history_mean, higher_is_better);
}

}  // namespace sslbench
