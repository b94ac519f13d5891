// SPDX-License-Identifier: Apache-2.0
// Accuracy from class scores, and the weighted vote of nearest neighbours. `Real` is float or double.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace sslbench {

inline constexpr int64_t kNoHit = std::numeric_limits<int64_t>::max();  // a rank that no k reaches
inline constexpr int64_t kNoClass = -1;                                 // predicted by scores that are not finite

// Returns for each row of `scores` [N, classes] the rank of its label: how many classes score higher, plus how many of
// lower index score the same; kNoHit where a score of the row is not finite. A row counts in top-k when its rank < k.
// Throws InternalError when a label is outside 0 .. classes-1 or sizes differ.
template <class Real>
std::vector<int64_t> label_ranks(std::span<const Real> scores, int64_t classes, std::span<const int64_t> labels);

// The ranks of votes, which are never negative: a class without a vote is in no top-k, however few others have one.
std::vector<int64_t> vote_ranks(std::span<const double> votes, int64_t classes, std::span<const int64_t> labels);

// Returns the first class of highest score for each row of `scores` [N, classes]; kNoClass where a score of the row is
// not finite.
template <class Real>
std::vector<int64_t> predictions(std::span<const Real> scores, int64_t classes);

// Returns 1 for each rank < k, else 0: the per-image values of top-k.
std::vector<double> top_k_hits(std::span<const int64_t> ranks, int64_t k);

// Returns the share of ranks < k; NaN without any.
double top_k(std::span<const int64_t> ranks, int64_t k);

// Returns the accuracy averaged over the classes present in `labels`; NaN without any.
double mean_per_class(std::span<const int64_t> predicted, std::span<const int64_t> labels);

// Returns vote shares [M, classes] of the k nearest neighbours of M queries: weight exp(similarity / temperature), rows
// sum to 1. `neighbour_labels` and `similarities` (cosines) are [M, k]. Its argmax, lower class first, equals DINO's
// knn_classifier (facebookresearch/dino, eval_knn.py) and lightly's knn_predict. A query with a similarity that is not
// finite has NaN for votes.
std::vector<double> knn_vote(std::span<const int64_t> neighbour_labels, std::span<const float> similarities, int64_t k,
                             int64_t classes, double temperature);

}  // namespace sslbench
