// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/broken_record.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/statistics/distributions.h"
#include "reports/statistics/statistics.h"

namespace sslbench {
namespace {

constexpr double kOnceIn = 1e-4, kLeastNoise = 0.005;
constexpr size_t kFewest = 3;  // others that say what is usual

// The chance that the mean of `odd` lies as far from that of the others.
double chance_of(const std::vector<double>& odd, const std::vector<double>& others) {
  if (others.size() < kFewest) return 1;
  const double k = static_cast<double>(odd.size()), n = static_cast<double>(others.size());
  const double noise = std::max(standard_deviation(others), kLeastNoise * std::abs(mean(others)));
  const double distance = std::abs(mean(odd) - mean(others));
  return noise > 0 ? 2 * t_tail(distance / (noise * std::sqrt(1 / k + 1 / n)), n - 1) : 1;
}

// The place of the one of these groups that is odd enough, -1 for none. What is far off all others has the highest or
// the lowest mean.
std::ptrdiff_t odd_one(const std::vector<std::vector<double>>& groups) {
  std::vector<double> means;
  for (const std::vector<double>& group : groups) means.push_back(mean(group));
  const auto [low, high] = std::minmax_element(means.begin(), means.end());
  std::ptrdiff_t found = -1;
  double least = kOnceIn / static_cast<double>(groups.size());
  for (const std::ptrdiff_t place : {low - means.begin(), high - means.begin()}) {
    std::vector<double> others;
    for (size_t g = 0; g < groups.size(); ++g) {
      if (g != static_cast<size_t>(place)) others.insert(others.end(), groups[g].begin(), groups[g].end());
    }
    const double chance = chance_of(groups[static_cast<size_t>(place)], others);
    if (chance > least) continue;
    least = chance;
    found = place;
  }
  return found;
}

std::string take_out_run(std::vector<PastRuns>& past) {
  std::vector<std::vector<double>> single;
  for (const double value : values_of(past)) single.push_back({value});
  std::ptrdiff_t run = odd_one(single);
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
  std::vector<std::vector<double>> groups;
  for (const PastRuns& record : past) {
    groups.push_back(by_record ? std::vector<double>{mean(record.values)} : record.values);
  }
  const std::ptrdiff_t odd = odd_one(groups);
  if (odd < 0) return by_record ? "" : take_out_run(past);
  std::string created = std::move(past[static_cast<size_t>(odd)].created);
  past.erase(past.begin() + odd);
  return created;
}

}  // namespace sslbench
