// SPDX-License-Identifier: Apache-2.0
#include "reports/broken_record.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/distributions.h"
#include "reports/statistics.h"

namespace sslbench {
namespace {

constexpr double kOnceIn = 1e-4, kLeastNoise = 0.005;
constexpr size_t kFewest = 3;  // others that say what is usual

// Count, sum and squares of values around a common centre.
struct Sums {
  double count = 0, sum = 0, squares = 0;
  void add(double value) {
    count += 1;
    sum += value;
    squares += value * value;
  }
  double mean() const { return sum / count; }
  double deviation() const { return std::sqrt(std::max(0.0, squares - sum * mean()) / (count - 1)); }
};

// The chance that the mean of `odd` lies as far from that of the others, or 1 where that is far from small.
double chance_of(const Sums& odd, const Sums& others, double centre) {
  constexpr double kNear = 4;  // standard errors: more likely than kOnceIn with any number of others
  if (others.count < kFewest) return 1;
  const double noise = std::max(others.deviation(), kLeastNoise * std::abs(others.mean() + centre));
  const double error = noise * std::sqrt(1 / odd.count + 1 / others.count);
  const double distance = std::abs(odd.mean() - others.mean());
  return distance > kNear * error && error > 0 ? 2 * t_tail(distance / error, others.count - 1) : 1;
}

// The place of the oddest of `sizes.size()` neighbouring stretches of `values`, when it is odd enough; else -1. Sums
// are taken anew for each, since what a huge value added cannot be subtracted again.
std::ptrdiff_t odd_one(const std::vector<double>& values, const std::vector<size_t>& sizes) {
  const double centre = quantile(values, 0.5);
  std::ptrdiff_t found = -1;
  double least = kOnceIn / static_cast<double>(sizes.size());
  size_t first = 0;
  for (size_t i = 0; i < sizes.size(); first += sizes[i++]) {
    Sums odd, others;
    for (size_t v = 0; v < values.size(); ++v) {
      (v >= first && v < first + sizes[i] ? odd : others).add(values[v] - centre);
    }
    const double chance = chance_of(odd, others, centre);
    if (chance > least) continue;
    least = chance;
    found = static_cast<std::ptrdiff_t>(i);
  }
  return found;
}

std::string take_out_run(std::vector<PastRuns>& past) {
  const std::vector<double> values = values_of(past);
  std::ptrdiff_t run = odd_one(values, std::vector<size_t>(values.size(), 1));
  if (run < 0) return "";
  for (PastRuns& record : past) {
    const auto size = static_cast<std::ptrdiff_t>(record.values.size());
    if (run < size) {
      record.values.erase(record.values.begin() + run);
      return record.created;
    }
    run -= size;
  }
  return "";
}

}  // namespace

std::vector<double> values_of(const std::vector<PastRuns>& past) {
  std::vector<double> out;
  for (const PastRuns& record : past) out.insert(out.end(), record.values.begin(), record.values.end());
  return out;
}

std::vector<double> means_of(const std::vector<PastRuns>& past) {
  std::vector<double> out;
  for (const PastRuns& record : past) {
    if (!record.values.empty()) out.push_back(mean(record.values));
  }
  return out;
}

std::string take_out_broken(std::vector<PastRuns>& past, bool by_record) {
  std::erase_if(past, [](const PastRuns& record) { return record.values.empty(); });
  if (past.empty()) return "";
  std::vector<size_t> sizes(past.size(), 1);
  if (!by_record) {
    std::transform(past.begin(), past.end(), sizes.begin(),
                   [](const PastRuns& record) { return record.values.size(); });
  }
  const std::ptrdiff_t odd = odd_one(by_record ? means_of(past) : values_of(past), sizes);
  if (odd < 0) return by_record ? "" : take_out_run(past);
  std::string created = std::move(past[static_cast<size_t>(odd)].created);
  past.erase(past.begin() + odd);
  return created;
}

}  // namespace sslbench
