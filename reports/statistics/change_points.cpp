// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics/statistics.h"

namespace sslbench {
namespace {

constexpr size_t kShortest = 2;

double noise_of(const std::vector<double>& values) {
  std::vector<double> steps;
  double squares = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    steps.push_back(std::abs(values[i] - values[i - 1]));
    squares += steps.back() * steps.back();
  }
  if (steps.empty()) return 0;
  const double robust = 1.4826 * quantile(steps, 0.5) / std::sqrt(2.0);
  return robust > 0 ? robust : std::sqrt(squares / static_cast<double>(steps.size()) / 2);
}

// Sums that give the squares of any stretch around its own mean.
class Squares {
 public:
  explicit Squares(const std::vector<double>& values) : sum_{0}, squares_{0}, centre_(mean(values)) {
    for (const double value : values) {
      sum_.push_back(sum_.back() + (value - centre_));
      squares_.push_back(squares_.back() + (value - centre_) * (value - centre_));
    }
  }
  double around_mean(size_t begin, size_t end) const {
    const double sum = sum_[end] - sum_[begin];
    return std::max(0.0, squares_[end] - squares_[begin] - sum * sum / static_cast<double>(end - begin));
  }
  double mean_of(size_t begin, size_t end) const {
    return centre_ + (sum_[end] - sum_[begin]) / static_cast<double>(end - begin);
  }

 private:
  std::vector<double> sum_, squares_;
  double centre_;
};

// The start of the last segment of the best segmentation of each prefix.
std::vector<size_t> best_starts(const Squares& squares, size_t n, double variance, double penalty) {
  std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
  std::vector<size_t> start(n + 1, 0), candidates{0};
  // From which end on a start cannot be best: another one, that end at which it lost, is only a choice for segments of
  // kShortest values behind it.
  std::vector<size_t> beaten_from(n + 1, n + 1);
  best[0] = -penalty;
  for (size_t end = kShortest; end <= n; ++end) {
    std::erase_if(candidates, [&](size_t begin) { return end >= beaten_from[begin]; });
    for (const size_t begin : candidates) {
      const double cost = best[begin] + squares.around_mean(begin, end) / variance + penalty;
      if (cost >= best[end]) continue;
      best[end] = cost;
      start[end] = begin;
    }
    for (const size_t begin : candidates) {
      const bool beaten = best[begin] + squares.around_mean(begin, end) / variance > best[end];
      if (beaten && beaten_from[begin] > n) beaten_from[begin] = end + kShortest;
    }
    if (end + 1 - kShortest >= kShortest) candidates.push_back(end + 1 - kShortest);
  }
  return start;
}

}  // namespace

double change_penalty(size_t values) { return 3 * std::log(static_cast<double>(std::max<size_t>(values, 1))) + 6; }

std::vector<Segment> change_points(const std::vector<double>& values, double penalty) {
  if (values.empty()) return {};
  const Squares squares(values);
  const double sigma = noise_of(values);
  const size_t n = values.size();
  if (n < 2 * kShortest || !(sigma > 0)) return {{0, n, squares.mean_of(0, n)}};
  const std::vector<size_t> start = best_starts(squares, n, sigma * sigma, penalty);
  std::vector<Segment> out;
  for (size_t end = n; end > 0; end = start[end]) out.push_back({start[end], end, squares.mean_of(start[end], end)});
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace sslbench
