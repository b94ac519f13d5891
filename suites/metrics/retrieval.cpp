// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/retrieval.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"
#include "suites/metrics/packed_rows.h"

namespace sslbench {
namespace {

constexpr size_t kNoRow = SIZE_MAX;
constexpr double kSteps = 0x1p40;  // of a cosine between 0 and 1

using RowsByLabel = std::unordered_map<int64_t, std::vector<size_t>>;

// In whole steps; checked to be finite.
void round_cosines(std::span<double> cosines, size_t query) {
  for (size_t i = 0; i < cosines.size(); ++i) {
    if (!std::isfinite(cosines[i])) {
      throw UserError("the cosine of query " + std::to_string(query) + " and row " + std::to_string(i) +
                      " of the gallery is not finite; scale the features down");
    }
    cosines[i] = std::nearbyint(cosines[i] * kSteps);
  }
}

// How many of the falling `values` are larger; by halves without a branch to foresee, as this is asked for every row of
// the gallery.
size_t larger_than(std::span<const double> values, double value) {
  if (values.empty()) return 0;
  const double* first = values.data();
  for (size_t left = values.size(); left > 1;) {
    const size_t half = left / 2;
    first += first[half - 1] > value ? half : 0;
    left -= half;
  }
  return static_cast<size_t>(first - values.data()) + (*first > value ? 1 : 0);
}

// The ranks, from 1, of the positives among the gallery without row `left_out`, rising.
std::vector<int64_t> positive_ranks(std::span<const double> cosines, std::vector<size_t> positives, size_t left_out) {
  std::erase(positives, left_out);
  std::sort(positives.begin(), positives.end(),
            [&](size_t a, size_t b) { return cosines[a] != cosines[b] ? cosines[a] > cosines[b] : a < b; });
  std::vector<double> values;
  for (const size_t row : positives) values.push_back(cosines[row]);
  std::vector<int64_t> ahead(positives.size() + 1);  // of positive i, but not of the one before it
  for (size_t row = 0; row < cosines.size(); ++row) {
    if (row == left_out) continue;
    size_t behind = larger_than(values, cosines[row]);               // the positives that this row comes after
    if (behind < values.size() && values[behind] == cosines[row]) {  // equal ones stand in order of index
      const auto equal = positives.begin() + static_cast<int64_t>(behind);
      const auto end = std::upper_bound(values.begin(), values.end(), cosines[row], std::greater<>());
      behind += static_cast<size_t>(std::upper_bound(equal, positives.begin() + (end - values.begin()), row) - equal);
    }
    ++ahead[behind];
  }
  std::vector<int64_t> ranks;
  int64_t sum = 0;
  for (size_t i = 0; i < positives.size(); ++i) ranks.push_back(1 + (sum += ahead[i]));
  return ranks;
}

RetrievalScores scores_of(const std::vector<int64_t>& ranks, std::span<const int64_t> k) {
  RetrievalScores out;
  const auto positives = static_cast<double>(ranks.size());
  for (size_t i = 0; i < ranks.size(); ++i) {
    const double precision = static_cast<double>(i + 1) / static_cast<double>(ranks[i]);
    out.map += precision / positives;
    if (ranks[i] > std::ssize(ranks)) continue;
    out.map_at_r += precision / positives;
    out.r_precision += 1 / positives;
  }
  for (const int64_t each : k) {
    const auto found = static_cast<double>(std::upper_bound(ranks.begin(), ranks.end(), each) - ranks.begin());
    out.recall_at_k.push_back(found / positives);
    out.hit_at_k.push_back(found > 0 ? 1 : 0);
    out.precision_at_k.push_back(found / static_cast<double>(each));
  }
  return out;
}

void add(std::vector<double>& sums, const std::vector<double>& values, double count) {
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += values[i] / count;
}

void require_task(const RetrievalTask& task, std::span<const int64_t> k) {
  require(task.gallery.rows == task.gallery_labels.size(), "a label for every row of the gallery");
  require(task.queries == nullptr ||
              (task.queries->rows == task.query_labels.size() && task.queries->columns == task.gallery.columns),
          "a label for every query, and the same columns");
  require(std::all_of(k.begin(), k.end(), [](int64_t each) { return each >= 1; }), "a k of 1 or more");
}

}  // namespace

std::vector<RetrievalScores> retrieval_by_query(const RetrievalTask& task, std::span<const int64_t> k, size_t threads) {
  require_task(task, k);
  const bool leave_one_out = task.queries == nullptr;
  const Matrix gallery = unit_length_rows(task.gallery);
  const Matrix others = leave_one_out ? Matrix{} : unit_length_rows(*task.queries);
  const Matrix& queries = leave_one_out ? gallery : others;
  const std::span<const int64_t> labels = leave_one_out ? task.gallery_labels : task.query_labels;
  RowsByLabel rows_of;
  for (size_t i = 0; i < gallery.rows; ++i) rows_of[task.gallery_labels[i]].push_back(i);
  const PackedRows packed(gallery);
  std::vector<std::optional<RetrievalScores>> all(queries.rows);
  for_row_blocks(queries.rows, kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    std::vector<double> products;
    packed.products(queries, first, last, products);
    for (size_t q = first; q < last; ++q) {
      const std::span<double> cosines = std::span(products).subspan((q - first) * gallery.rows, gallery.rows);
      round_cosines(cosines, q);
      const auto positives = rows_of.find(labels[q]);
      if (positives == rows_of.end()) continue;
      const std::vector<int64_t> ranks = positive_ranks(cosines, positives->second, leave_one_out ? q : kNoRow);
      if (!ranks.empty()) all[q] = scores_of(ranks, k);
    }
  });
  std::vector<RetrievalScores> out;
  for (std::optional<RetrievalScores>& each : all) {
    if (each.has_value()) out.push_back(std::move(*each));
  }
  return out;
}

RetrievalScores mean_retrieval(const std::vector<RetrievalScores>& queries, size_t number_of_k) {
  const std::vector<double> none(number_of_k);
  RetrievalScores out{0, 0, 0, none, none, none};
  const auto count = static_cast<double>(queries.size());
  for (const RetrievalScores& each : queries) {
    out.map += each.map / count;
    out.r_precision += each.r_precision / count;
    out.map_at_r += each.map_at_r / count;
    add(out.recall_at_k, each.recall_at_k, count);
    add(out.hit_at_k, each.hit_at_k, count);
    add(out.precision_at_k, each.precision_at_k, count);
  }
  return out;
}

}  // namespace sslbench
