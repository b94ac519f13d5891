// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/aggregates.h"

#include <algorithm>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kCut = 0.25;  // of the scores, at each end

std::vector<double> all_of(const TaskScores& scores) {
  std::vector<double> out;
  for (const std::vector<double>& run : scores) out.insert(out.end(), run.begin(), run.end());
  return out;
}

std::vector<double> task_means(const TaskScores& scores) {
  std::vector<double> out(scores.front().size());
  for (const std::vector<double>& run : scores) {
    for (size_t t = 0; t < out.size(); ++t) out[t] += run[t];
  }
  for (double& sum : out) sum /= static_cast<double>(scores.size());
  return out;
}

double interquartile_mean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto cut = static_cast<int64_t>(kCut * static_cast<double>(values.size()));
  return mean({values.begin() + cut, values.end() - cut});
}

double gap_below(std::vector<double> values, double gamma) {
  for (double& value : values) value = std::min(value, gamma);
  return gamma - mean(values);
}

struct Point {
  double mean, median, iqm, gap;
};

Point point_of(const TaskScores& scores, double gamma) {
  const std::vector<double> all = all_of(scores);
  return {mean(all), quantile(task_means(scores), 0.5), interquartile_mean(all), gap_below(all, gamma)};
}

TaskScores resampled(const TaskScores& scores, const std::vector<std::vector<size_t>>& places) {
  TaskScores out;
  for (const std::vector<size_t>& run : places) {
    require(run.size() == scores.front().size(), "a resample names a run for every task");
    std::vector<double>& drawn = out.emplace_back();
    for (size_t t = 0; t < run.size(); ++t) {
      require(run[t] < scores.size(), "a resample names a run that does not exist");
      drawn.push_back(scores[run[t]][t]);
    }
  }
  return out;
}

void require_grid(const TaskScores& scores) {
  require(!scores.empty() && !scores.front().empty(), "one run of one task or more");
  for (const std::vector<double>& run : scores) {
    require(run.size() == scores.front().size(), "as many tasks in every run");
  }
}

std::vector<double> shares_above(const std::vector<double>& values, const std::vector<double>& taus) {
  std::vector<double> out;
  for (const double tau : taus) {
    const auto above = std::count_if(values.begin(), values.end(), [&](double value) { return value > tau; });
    out.push_back(static_cast<double>(above) / static_cast<double>(values.size()));
  }
  return out;
}

}  // namespace

AggregateScores aggregate_scores(const TaskScores& scores,
                                 const std::vector<std::vector<std::vector<size_t>>>& resamples, double gamma,
                                 double confidence) {
  require_grid(scores);
  std::vector<double> means, medians, iqms, gaps;
  for (const std::vector<std::vector<size_t>>& places : resamples) {
    require(!places.empty(), "a resample draws a run");
    const Point point = point_of(resampled(scores, places), gamma);
    means.push_back(point.mean), medians.push_back(point.median);
    iqms.push_back(point.iqm), gaps.push_back(point.gap);
  }
  const Point of_all = point_of(scores, gamma);
  return {{of_all.mean, percentile_interval(means, confidence)},
          {of_all.median, percentile_interval(medians, confidence)},
          {of_all.iqm, percentile_interval(iqms, confidence)},
          {of_all.gap, percentile_interval(gaps, confidence)}};
}

std::vector<double> score_profile(const TaskScores& scores, const std::vector<double>& taus) {
  require_grid(scores);
  return shares_above(all_of(scores), taus);
}

std::vector<double> mean_score_profile(const TaskScores& scores, const std::vector<double>& taus) {
  require_grid(scores);
  return shares_above(task_means(scores), taus);
}

double probability_of_improvement(const TaskScores& x, const TaskScores& y) {
  require_grid(x), require_grid(y);
  require(x.front().size() == y.front().size(), "both sides of the same tasks");
  const size_t tasks = x.front().size();
  double wins = 0;
  for (size_t t = 0; t < tasks; ++t) {
    for (const std::vector<double>& a : x) {
      for (const std::vector<double>& b : y) wins += a[t] > b[t] ? 1 : a[t] == b[t] ? 0.5 : 0;
    }
  }
  return wins / static_cast<double>(tasks * x.size() * y.size());
}

}  // namespace sslbench
