// SPDX-License-Identifier: Apache-2.0
// One number for runs over several tasks (Agarwal, Schwarzer, Castro, Courville, Bellemare: "Deep Reinforcement
// Learning at the Edge of the Statistical Precipice", NeurIPS 2021, arXiv:2108.13264; google-research/rliable).
#pragma once

#include <cstddef>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

using TaskScores = std::vector<std::vector<double>>;  // [run][task]; one or more of each, as many tasks in every run

struct AggregateScore {
  double estimate = 0;
  Interval interval;  // quantiles of the replicates
};

struct AggregateScores {
  AggregateScore mean;            // of all scores
  AggregateScore median;          // over tasks of their mean over runs
  AggregateScore iqm;             // of all scores but a quarter at each end
  AggregateScore optimality_gap;  // gamma less the mean of min(score, gamma)
};

// Replicate b takes scores[resamples[b][run][task]][task]: runs are drawn anew within each task. InternalError for a
// place that does not exist.
AggregateScores aggregate_scores(const TaskScores& scores,
                                 const std::vector<std::vector<std::vector<size_t>>>& resamples, double gamma,
                                 double confidence = kConfidence);

// The share of all scores above each tau; and that of the tasks' means over runs.
std::vector<double> score_profile(const TaskScores& scores, const std::vector<double>& taus);
std::vector<double> mean_score_profile(const TaskScores& scores, const std::vector<double>& taus);

// The mean over tasks of P(a run of x scores higher than one of y) + P(equal) / 2. InternalError unless both have the
// same tasks.
double probability_of_improvement(const TaskScores& x, const TaskScores& y);

}  // namespace sslbench
