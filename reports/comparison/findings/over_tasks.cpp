// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/over_tasks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "reports/comparison/columns.h"
#include "reports/comparison/findings/rank_stability.h"
#include "suites/ground/random.h"

namespace sslbench {
namespace {

std::vector<size_t> task_columns(const Comparison& comparison) {
  std::vector<size_t> out;
  for (const size_t c : first_columns(comparison)) {
    const Column& column = comparison.columns[c];
    if (column.is_fraction() && column.direction == "higher") out.push_back(c);
  }
  return out;
}

TaskScores scores_of(const Comparison& comparison, const Row& row, const std::vector<size_t>& columns) {
  TaskScores out;
  for (const size_t record : row.records) {
    std::vector<double> scores;
    for (const size_t c : columns) {
      const Measurement* m = measurement_behind(comparison, record, c);
      if (m != nullptr && std::isfinite(m->value)) scores.push_back(m->value);
    }
    if (scores.size() == columns.size()) out.push_back(std::move(scores));
  }
  return out;
}

using Resamples = std::vector<std::vector<std::vector<size_t>>>;  // [resample][run][task]

// Runs drawn anew within each task; of one run there is nothing to draw.
Resamples resamples_of(size_t runs, size_t tasks) {
  Resamples out;
  for (uint32_t b = 0; b < (runs < 2 ? 1 : kResamples); ++b) {
    RandomStream random(runs, RandomUse::bootstrap, 1, b);
    auto& resample = out.emplace_back(runs, std::vector<size_t>(tasks));
    for (auto& run : resample) {
      for (size_t& place : run) place = random.below(static_cast<uint32_t>(runs));
    }
  }
  return out;
}

RowOverTasks summary_of(size_t row, const TaskScores& scores, const Resamples& resamples) {
  RowOverTasks out{.row = row, .runs = scores.size()};
  const AggregateScores all = aggregate_scores(scores, resamples, 1);
  out.iqm = all.iqm;
  if (out.runs < 2) out.iqm.interval = {kUndefined, kUndefined};
  out.mean = all.mean.estimate;
  out.profile = score_profile(scores, {kProfile.begin(), kProfile.end()});
  return out;
}

void add_places(const Comparison& comparison, OverTasks& out) {
  for (RowOverTasks& row : out.rows) {
    double sum = 0;
    for (const size_t c : out.columns) {
      const double value = comparison.rows[row.row].cells[c].value;
      sum += 1;
      for (const RowOverTasks& other : out.rows) {
        const double theirs = comparison.rows[other.row].cells[c].value;
        if (&other != &row) sum += theirs > value ? 1 : theirs == value ? 0.5 : 0;
      }
    }
    row.place = sum / static_cast<double>(out.columns.size());
  }
}

}  // namespace

std::optional<OverTasks> over_tasks(const Comparison& comparison) {
  OverTasks out{.columns = task_columns(comparison), .rows = {}};
  if (out.columns.size() < kLeastTasks) return std::nullopt;
  TaskScores floor;
  if (comparison.floor) floor = scores_of(comparison, comparison.rows[*comparison.floor], out.columns);
  std::map<size_t, Resamples> draws;  // by runs: rows with as many share them
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const TaskScores scores = scores_of(comparison, comparison.rows[r], out.columns);
    if (scores.empty()) continue;
    const auto [drawn, fresh] = draws.try_emplace(scores.size());
    if (fresh) drawn->second = resamples_of(scores.size(), out.columns.size());
    out.rows.push_back(summary_of(r, scores, drawn->second));
    if (!floor.empty() && r != *comparison.floor) {
      out.rows.back().over_floor = probability_of_improvement(scores, floor);
    }
  }
  if (out.rows.size() < 2) return std::nullopt;
  add_places(comparison, out);
  std::ranges::stable_sort(out.rows, std::greater(), [](const RowOverTasks& row) { return row.iqm.estimate; });
  return out;
}

}  // namespace sslbench
