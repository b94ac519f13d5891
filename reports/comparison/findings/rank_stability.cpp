// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/rank_stability.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/cost_front.h"
#include "reports/comparison/ranking.h"
#include "suites/ground/random.h"

namespace sslbench {
namespace {

// FNV-1a; names keep their draws whatever stands beside them.
uint64_t name_hash(const std::string& name) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

// A row's replicates around its values, one list a seed; empty where a seed has none of these images.
std::vector<std::vector<double>> replicates_of(const Comparison& comparison, const Row& row, size_t column,
                                               int64_t images) {
  std::vector<std::vector<double>> out;
  for (const size_t r : row.records) {
    const Measurement* m = measurement_behind(comparison, r, column);
    if (m == nullptr) continue;
    auto replicates = replicates_behind(comparison, r, column);
    if (!replicates || m->n != images) return {};
    out.push_back(std::move(*replicates));
    const double bias = mean(defined_values(out.back())) - m->value;
    for (double& replicate : out.back()) replicate -= bias;
  }
  return out;
}

// Replicate b: the mean over seeds drawn with replacement of what each has for the same resampled images.
std::vector<double> resampled_means(const std::vector<std::vector<double>>& replicates, const std::string& name) {
  const size_t times = replicates.empty() ? 0 : replicates.front().size();
  std::vector<double> out;
  for (size_t b = 0; b < times; ++b) {
    RandomStream random(name_hash(name), RandomUse::bootstrap, 0, static_cast<uint32_t>(b));
    double sum = 0;
    for (size_t i = 0; i < replicates.size(); ++i) {
      const std::vector<double>& drawn =
          replicates[static_cast<size_t>(static_cast<uint64_t>(random.bits()) * replicates.size() >> 32)];
      if (drawn.size() != times) return {};
      sum += drawn[b];
    }
    out.push_back(sum / static_cast<double>(replicates.size()));
  }
  return out;
}

// Replicate b: the mean over all seeds.
std::vector<double> mean_replicates(const std::vector<std::vector<double>>& replicates) {
  std::vector<double> out(replicates.front().size());
  for (const std::vector<double>& of_seed : replicates) {
    for (size_t b = 0; b < out.size(); ++b) out[b] += of_seed[b] / static_cast<double>(replicates.size());
  }
  return out;
}

// [row][b] of the competing rows; empty when runs lack replicates.
struct Resampled {
  std::vector<std::vector<double>> all, images_alone;  // test images and seeds; test images, seeds as they are
};

Resampled resampled_values(const Comparison& comparison, size_t column, const std::vector<size_t>& rows) {
  Resampled out;
  out.all.resize(comparison.rows.size());
  out.images_alone.resize(comparison.rows.size());
  const Column& key = comparison.columns[column];
  const int64_t images = comparison.rows[rows.front()].cells[column].n;
  for (const size_t r : rows) {
    const Row& row = comparison.rows[r];
    const auto replicates = replicates_of(comparison, row, column, images);
    out.all[r] = resampled_means(replicates, row.name + "/" + column_title(key));
    if (out.all[r].size() < 2 || out.all[r].size() != out.all[rows.front()].size()) return {};
    out.images_alone[r] = mean_replicates(replicates);
  }
  return out;
}

// Whether the rows, best first, stay in that order when each is moved `times` as far from its value as in resample `b`.
bool same_order(const Comparison& comparison, size_t column, const std::vector<size_t>& rows,
                const std::vector<std::vector<double>>& resampled, size_t b, double times) {
  const double sign = comparison.columns[column].direction == "lower" ? -1 : 1;
  const auto moved = [&](size_t r) {
    const double value = comparison.rows[r].cells[column].value;
    return sign * (value + times * (resampled[r][b] - value));
  };
  return std::ranges::is_sorted(rows, std::greater(), moved);
}

// One resample's `share` goes to its best row; rows that are equal share it.
void add_best(const std::vector<size_t>& rows, const std::vector<double>& values, double sign, double share,
              RankStability& out) {
  const auto worse = [&](size_t a, size_t b) { return sign * values[a] < sign * values[b]; };
  const double most = values[*std::max_element(rows.begin(), rows.end(), worse)];
  std::vector<size_t> first;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(first), [&](size_t r) { return values[r] == most; });
  for (const size_t r : first) out.best[r] += share / static_cast<double>(first.size());
}

}  // namespace

std::optional<RankStability> rank_stability(const Comparison& comparison, size_t column) {
  const std::vector<size_t> rows = ranked_rows(comparison, column, false);
  if (rows.size() < 2) return std::nullopt;
  const auto several = [&](size_t r) { return comparison.rows[r].cells[column].values.size() > 1; };
  const bool over_seeds = std::all_of(rows.begin(), rows.end(), several);
  if (!over_seeds && std::any_of(rows.begin(), rows.end(), several)) return std::nullopt;
  const Resampled resampled = resampled_values(comparison, column, rows);
  if (resampled.all.empty()) return std::nullopt;
  RankStability out{.over_seeds = over_seeds, .best = std::vector<double>(comparison.rows.size(), kUndefined)};
  for (const size_t r : rows) out.best[r] = 0;
  out.front = out.best;
  const CostAxis cost = cost_axis(comparison);
  const double sign = comparison.columns[column].direction == "lower" ? -1 : 1;
  std::vector<size_t> defined;  // resamples in which every row has a value
  for (size_t b = 0; b < resampled.all[rows.front()].size(); ++b) {
    if (std::all_of(rows.begin(), rows.end(), [&](size_t r) { return std::isfinite(resampled.all[r][b]); })) {
      defined.push_back(b);
    }
  }
  if (defined.empty()) return std::nullopt;
  const size_t times = defined.size();
  out.same_order = out.same_order_quarter = 0;
  std::vector<double> values(comparison.rows.size(), kUndefined);
  for (const size_t b : defined) {
    for (const size_t r : rows) values[r] = resampled.all[r][b];
    const double share = 1.0 / static_cast<double>(times);
    if (same_order(comparison, column, rows, resampled.images_alone, b, 1)) out.same_order += share;
    if (same_order(comparison, column, rows, resampled.images_alone, b, 2)) out.same_order_quarter += share;
    add_best(rows, values, sign, share, out);
    for (const size_t r : cost_front(comparison, column, cost, &values)) {
      out.front[r] += share;
    }
  }
  return out;
}

}  // namespace sslbench
