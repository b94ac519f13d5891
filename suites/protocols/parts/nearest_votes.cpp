// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/tensors/aten.h"

#include <algorithm>

#include "suites/metrics/classification.h"
#include "suites/protocols/parts/top_products.h"

namespace sslbench {

using at::Tensor;

NearestVotes nearest_votes(const Tensor& bank_ND, const Tensor& labels_N, const Tensor& query_MD, int64_t k,
                           int64_t classes, double temperature) {
  constexpr int64_t kChunk = 1024;  // queries that vote at a time
  const int64_t M = query_MD.size(0), K = std::min(k, bank_ND.size(0));
  const Tensor labels = labels_N.to(at::kCPU);
  NearestVotes out{at::empty({M, K}, at::kLong), at::empty({M, classes}, at::kDouble)};
  for (int64_t first = 0; first < M; first += kChunk) {
    const int64_t count = std::min(kChunk, M - first);
    const TopProducts near = top_products(bank_ND, query_MD.narrow(0, first, count), K);
    const Tensor voters_MK = labels.index_select(0, near.index_MK.flatten()).contiguous();
    const Tensor cosine_MK = near.value_MK.to(at::kFloat).contiguous();
    const auto size = static_cast<size_t>(count * K);
    const auto votes = knn_vote({voters_MK.const_data_ptr<int64_t>(), size}, {cosine_MK.const_data_ptr<float>(), size},
                                K, classes, temperature);
    std::copy(votes.begin(), votes.end(), out.votes_MC.mutable_data_ptr<double>() + first * classes);
    out.neighbour_MK.narrow(0, first, count).copy_(near.index_MK);
  }
  return out;
}

}  // namespace sslbench
