// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/ranking.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>

#include "reports/comparison/concurrent.h"
#include "reports/comparison/learning_signs.h"
#include "reports/statistics/crossed_design.h"

namespace sslbench {
namespace {

// seed -> record of a row.
std::map<int64_t, size_t> by_seed(const Comparison& comparison, const Row& row) {
  std::map<int64_t, size_t> out;
  for (const size_t r : row.records) out[comparison.records[r].seed] = r;
  return out;
}

// What two runs of one seed differ by, value and replicates over the test images that both were measured on; no
// replicates where they do not hold the same ones.
struct PairOfRuns {
  double value = 0;
  std::vector<double> replicates;
};

PairOfRuns pair_of(const Comparison& comparison, size_t a, size_t b, size_t column) {
  const Measurement &of_a = *measurement_behind(comparison, a, column),
                    &of_b = *measurement_behind(comparison, b, column);
  const auto left = replicates_behind(comparison, a, column), right = replicates_behind(comparison, b, column);
  PairOfRuns out{of_a.value - of_b.value, {}};
  if (!left || !right || left->size() != right->size() || of_a.n != of_b.n) return out;
  out.replicates.resize(left->size());
  std::transform(left->begin(), left->end(), right->begin(), out.replicates.begin(), std::minus<>());
  return out;
}

void add_interval(Difference& out, const CrossedSample& pairs) {
  const bool known = pairs.replicates.size() == out.seeds;
  if (out.seeds == 0) return;
  if (out.seeds == 1) {
    out.over_images = known;
    if (known) out.interval = bias_corrected_interval(pairs.replicates.front(), out.value);
    return;
  }
  const auto crossed = known ? crossed_mean(pairs) : std::nullopt;
  out.over_images = crossed.has_value();
  out.interval = crossed ? crossed_interval(*crossed) : mean_interval(pairs.values);
}

std::optional<size_t> primary_of(const Comparison& comparison) {
  const auto& columns = comparison.columns;
  const auto probe = std::find_if(columns.begin(), columns.end(),
                                  [](const Column& c) { return c.plugin == "linear_probe" && c.metric == "top1"; });
  if (probe != columns.end()) return static_cast<size_t>(probe - columns.begin());
  const auto first = std::find_if(columns.begin(), columns.end(),
                                  [](const Column& c) { return c.direction != "none" && c.kind != MetricKind::cost; });
  return first == columns.end() ? std::nullopt : std::optional(static_cast<size_t>(first - columns.begin()));
}

void mark_best(Comparison& comparison, size_t column) {
  if (comparison.columns[column].direction == "none") return;
  const std::vector<size_t> order = ranked_rows(comparison, column, false);
  if (order.size() < 2) return;
  const size_t first = order[0];
  if (!beats_constant_answer(comparison, column, first)) return;
  comparison.rows[first].cells[column].best = difference(comparison, column, first, order[1]).is_firm();
  for (size_t i = 1; i < order.size(); ++i) {
    const Difference lead = difference(comparison, column, first, order[i]);
    if (!std::isfinite(lead.interval.low) || lead.excludes_zero()) continue;
    comparison.rows[first].cells[column].tied = comparison.rows[order[i]].cells[column].tied = true;
  }
}

// Marks the cells of one column, which no other column touches; its differences to the floor.
std::vector<Difference> rank_column(Comparison& comparison, size_t column) {
  mark_best(comparison, column);
  std::vector<Difference> over_floor;
  const auto known = [&](size_t row) { return comparison.rows[row].cells[column].word.empty(); };
  if (!comparison.floor || !known(*comparison.floor)) return over_floor;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    if (r != *comparison.floor && known(r)) {
      over_floor.push_back(difference(comparison, column, r, *comparison.floor));
    }
  }
  return over_floor;
}

}  // namespace

Difference difference(const Comparison& comparison, size_t column, size_t row, size_t over) {
  Difference out{column, row, over};
  const auto left = by_seed(comparison, comparison.rows[row]), right = by_seed(comparison, comparison.rows[over]);
  CrossedSample pairs;
  for (const auto& [seed, record] : left) {
    const auto other = right.find(seed);
    if (other == right.end()) continue;
    const Measurement* a = measurement_behind(comparison, record, column);
    if (a == nullptr || measurement_behind(comparison, other->second, column) == nullptr) continue;
    PairOfRuns pair = pair_of(comparison, record, other->second, column);
    const bool same_images = pairs.values.empty() || a->n == out.n;
    pairs.values.push_back(pair.value);
    if (!pair.replicates.empty() && same_images) pairs.replicates.push_back(std::move(pair.replicates));
    out.n = a->n;
  }
  pairs.images = out.n;
  out.seeds = pairs.values.size();
  out.value = mean(pairs.values);
  add_interval(out, pairs);
  return out;
}

std::vector<size_t> ranked_rows(const Comparison& comparison, size_t column, bool with_ceiling) {
  std::vector<size_t> order;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const Row& row = comparison.rows[r];
    if (row.ranked && row.cells[column].word.empty() && (with_ceiling || row.role != "ceiling")) order.push_back(r);
  }
  const bool lower = comparison.columns[column].direction == "lower";
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const double x = comparison.rows[a].cells[column].value, y = comparison.rows[b].cells[column].value;
    return lower ? x < y : x > y;
  });
  return order;
}

void rank_rows(Comparison& comparison) {
  comparison.primary = primary_of(comparison);
  for (size_t r = 0; r < comparison.rows.size() && !comparison.floor; ++r) {
    if (comparison.rows[r].role == "floor") comparison.floor = r;
  }
  std::vector<std::vector<Difference>> over_floor(comparison.columns.size());
  for_each_concurrently(over_floor.size(), [&](size_t c) { over_floor[c] = rank_column(comparison, c); });
  for (auto& of_column : over_floor) std::ranges::move(of_column, std::back_inserter(comparison.over_floor));
  if (!comparison.primary) return;
  const std::vector<size_t> order = ranked_rows(comparison, *comparison.primary, true);
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    comparison.steps.push_back(difference(comparison, *comparison.primary, order[i], order[i + 1]));
  }
}

}  // namespace sslbench
