// SPDX-License-Identifier: Apache-2.0
#include "reports/ranking.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/learning_signs.h"

namespace sslbench {
namespace {

// seed -> record of a row.
std::map<int64_t, const Record*> by_seed(const Comparison& comparison, const Row& row) {
  std::map<int64_t, const Record*> out;
  for (const size_t r : row.records) out[comparison.records[r].seed] = &comparison.records[r];
  return out;
}

const std::vector<double>* replicates_behind(const Record& record, const Column& column) {
  const StageRecord* stage = stage_behind(record, column);
  if (stage == nullptr) return nullptr;
  const auto found = stage->replicates.find(column.metric);
  return found == stage->replicates.end() ? nullptr : &found->second;
}

// The interval of a - b over the test images that both were measured on.
Interval paired_interval(const Record& a, const Record& b, const Column& column) {
  const std::vector<double>* of_a = replicates_behind(a, column);
  const std::vector<double>* of_b = replicates_behind(b, column);
  const bool same_images = measurement_behind(a, column)->n == measurement_behind(b, column)->n;
  if (of_a == nullptr || of_b == nullptr || of_a->size() != of_b->size() || !same_images) {
    return {kUndefined, kUndefined};
  }
  std::vector<double> differences(of_a->size());
  std::transform(of_a->begin(), of_a->end(), of_b->begin(), differences.begin(), std::minus<>());
  const double estimate = measurement_behind(a, column)->value - measurement_behind(b, column)->value;
  return bias_corrected_interval(differences, estimate);
}

std::optional<size_t> primary_of(const Comparison& comparison) {
  const auto& columns = comparison.columns;
  const auto probe = std::find_if(columns.begin(), columns.end(),
                                  [](const Column& c) { return c.plugin == "linear_probe" && c.metric == "top1"; });
  if (probe != columns.end()) return static_cast<size_t>(probe - columns.begin());
  return columns.empty() ? std::nullopt : std::optional<size_t>(0);
}

void mark_best(Comparison& comparison, size_t column) {
  const std::vector<size_t> order = ranked_rows(comparison, column, false);
  if (order.size() < 2) return;
  const size_t first = order[0];
  if (!beats_constant_answer(comparison, column, first)) return;
  comparison.rows[first].cells[column].best = difference(comparison, column, first, order[1]).excludes_zero();
  for (size_t i = 1; i < order.size(); ++i) {
    const Difference lead = difference(comparison, column, first, order[i]);
    if (!std::isfinite(lead.interval.low) || lead.excludes_zero()) continue;
    comparison.rows[first].cells[column].tied = comparison.rows[order[i]].cells[column].tied = true;
  }
}

}  // namespace

Difference difference(const Comparison& comparison, size_t column, size_t row, size_t over) {
  Difference out{column, row, over};
  const Column& key = comparison.columns[column];
  const auto left = by_seed(comparison, comparison.rows[row]), right = by_seed(comparison, comparison.rows[over]);
  std::vector<double> differences;
  for (const auto& [seed, record] : left) {
    const auto other = right.find(seed);
    if (other == right.end()) continue;
    const Measurement* a = measurement_behind(*record, key);
    const Measurement* b = measurement_behind(*other->second, key);
    if (a == nullptr || b == nullptr) continue;
    differences.push_back(a->value - b->value);
    out.interval = paired_interval(*record, *other->second, key);
    out.n = a->n;
  }
  out.seeds = differences.size();
  out.value = mean(differences);
  if (out.seeds > 1) out.interval = mean_interval(differences);
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
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    mark_best(comparison, c);
    if (!comparison.floor) continue;
    for (size_t r = 0; r < comparison.rows.size(); ++r) {
      const bool known =
          comparison.rows[r].cells[c].word.empty() && comparison.rows[*comparison.floor].cells[c].word.empty();
      if (r != *comparison.floor && known) {
        comparison.over_floor.push_back(difference(comparison, c, r, *comparison.floor));
      }
    }
  }
  if (!comparison.primary) return;
  const std::vector<size_t> order = ranked_rows(comparison, *comparison.primary, true);
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    comparison.steps.push_back(difference(comparison, *comparison.primary, order[i], order[i + 1]));
  }
}

}  // namespace sslbench
