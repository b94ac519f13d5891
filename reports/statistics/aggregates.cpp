// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/aggregates.h"

#include <algorithm>
#include <numeric>
#include <utility>

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

struct Point {
  double mean, median, iqm, gap;
};

// The aggregates of replicates of one grid of scores. The scores are sorted once: what a replicate draws is counted,
// and the middle half found by walking up the sorted scores.
class Replicator {
 public:
  Replicator(const TaskScores& scores, double gamma)
      : runs_(scores.size()),
        tasks_(scores.front().size()),
        gamma_(gamma),
        scores_(all_of(scores)),
        drawn_(scores_.size()),
        ascending_(scores_.size()) {
    std::iota(ascending_.begin(), ascending_.end(), size_t{0});
    std::sort(ascending_.begin(), ascending_.end(), [&](size_t a, size_t b) { return scores_[a] < scores_[b]; });
  }

  // places[run][task] is the run that the replicate takes for the task.
  Point operator()(const std::vector<std::vector<size_t>>& places) {
    std::fill(drawn_.begin(), drawn_.end(), 0);
    std::vector<double> task_means(tasks_);
    double sum = 0, capped = 0;
    for (const std::vector<size_t>& run : places) {
      require(run.size() == tasks_, "a resample names a run for every task");
      for (size_t t = 0; t < tasks_; ++t) {
        require(run[t] < runs_, "a resample names a run that does not exist");
        const size_t cell = run[t] * tasks_ + t;
        ++drawn_[cell];
        sum += scores_[cell];
        capped += std::min(scores_[cell], gamma_);
        task_means[t] += scores_[cell];
      }
    }
    const size_t all = places.size() * tasks_;
    for (double& total : task_means) total /= static_cast<double>(places.size());
    const auto count = static_cast<double>(all);
    return {sum / count, quantile(std::move(task_means), 0.5), middle_mean(all), gamma_ - capped / count};
  }

 private:
  // Of all drawn scores but kCut at each end.
  double middle_mean(size_t all) const {
    const auto cut = static_cast<size_t>(kCut * static_cast<double>(all));
    size_t passed = 0;
    double sum = 0;
    for (const size_t cell : ascending_) {
      const size_t from = std::max(passed, cut), to = std::min(passed + drawn_[cell], all - cut);
      for (size_t i = from; i < to; ++i) sum += scores_[cell];
      passed += drawn_[cell];
    }
    return sum / static_cast<double>(all - 2 * cut);
  }

  size_t runs_, tasks_;
  double gamma_;
  std::vector<double> scores_;     // [run * tasks + task]
  std::vector<size_t> drawn_;      // how often, likewise
  std::vector<size_t> ascending_;  // places in scores_
};

std::vector<std::vector<size_t>> every_run(const TaskScores& scores) {
  std::vector<std::vector<size_t>> out;
  for (size_t run = 0; run < scores.size(); ++run) out.emplace_back(scores.front().size(), run);
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
  Replicator point_of(scores, gamma);
  std::vector<double> means, medians, iqms, gaps;
  for (const std::vector<std::vector<size_t>>& places : resamples) {
    require(!places.empty(), "a resample draws a run");
    const Point point = point_of(places);
    means.push_back(point.mean), medians.push_back(point.median);
    iqms.push_back(point.iqm), gaps.push_back(point.gap);
  }
  const Point of_all = point_of(every_run(scores));
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
