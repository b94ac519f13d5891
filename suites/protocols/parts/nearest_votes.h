// SPDX-License-Identifier: Apache-2.0
// The vote behind the knn protocol. Shapes: N training images, M test images, D features, C classes, K neighbours.
#pragma once

#include "suites/tensors/aten.h"

namespace sslbench {

struct NearestVotes {
  at::Tensor neighbour_MK;  // int64, nearest first, on the CPU as the votes
  at::Tensor votes_MC;      // float64, rows sum to 1
};

// `bank_ND` and `query_MD` have rows of unit length, `labels_N` are int64. K = min(k, N).
NearestVotes nearest_votes(const at::Tensor& bank_ND, const at::Tensor& labels_N, const at::Tensor& query_MD, int64_t k,
                           int64_t classes, double temperature);

// The same of every row of the bank among all others. K = min(k, N - 1); InternalError for a single row.
NearestVotes nearest_votes_of_others(const at::Tensor& bank_ND, const at::Tensor& labels_N, int64_t k, int64_t classes,
                                     double temperature);

}  // namespace sslbench
