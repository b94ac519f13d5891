// SPDX-License-Identifier: Apache-2.0
// How well a query's own class comes first among a gallery, by cosine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// Of one query with P positives in the gallery, or the mean over queries.
struct RetrievalScores {
  double map = 0;          // (1/P) sum over positives of the precision at their rank
  double r_precision = 0;  // positives among the first P / P
  // (1/P) sum over the positives among the first P of the precision at their rank (Musgrave, Belongie, Lim: "A Metric
  // Learning Reality Check", ECCV 2020, arXiv:2003.08505).
  double map_at_r = 0;
  // For each k: positives among the first k / P; 1 if there is any (metric learning's "Recall@K"); positives / k, also
  // where k exceeds the gallery.
  std::vector<double> recall_at_k, hit_at_k, precision_at_k;
};

// Which rows are compared: every row of `gallery` in turn against all others, or `queries` against all of `gallery`.
// Rows need no unit length.
struct RetrievalTask {
  const Matrix& gallery;
  std::span<const int64_t> gallery_labels;
  const Matrix* queries = nullptr;  // null: leave one out
  std::span<const int64_t> query_labels;
};

// One entry for each query that has a positive, in their order. Equal cosines go to the lower index of the gallery;
// those that differ by less than 2^-40 are equal, so that rounding orders no copies. UserError where a cosine is not
// finite; InternalError for other sizes, or a k below 1.
std::vector<RetrievalScores> retrieval_by_query(const RetrievalTask& task, std::span<const int64_t> k,
                                                size_t threads = 1);

// Their means; all 0 without any.
RetrievalScores mean_retrieval(const std::vector<RetrievalScores>& queries, size_t number_of_k);

}  // namespace sslbench
