// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/tensors/aten.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/metrics/classification.h"
#include "suites/protocols/parts/top_products.h"

namespace sslbench {

using at::Tensor;

namespace {

constexpr int64_t kChunk = 1024;  // queries that vote at a time

// Without the row that each query is: itself where it is among the nearest, else (of many equal ones) the last.
TopProducts without_self(const TopProducts& near, int64_t first) {
  const int64_t M = near.index_MK.size(0), K = near.index_MK.size(1);
  const Tensor self_M1 = at::arange(first, first + M, at::kLong).unsqueeze(1);
  const Tensor is_self_MK = near.index_MK.eq(self_M1);
  const Tensor place_M = at::where(is_self_MK.any(1), is_self_MK.to(at::kLong).argmax(1), K - 1);
  Tensor kept_MK = at::arange(K - 1, at::kLong).unsqueeze(0).expand({M, K - 1});
  kept_MK = kept_MK + kept_MK.ge(place_M.unsqueeze(1)).to(at::kLong);
  return {near.value_MK.gather(1, kept_MK), near.index_MK.gather(1, kept_MK)};
}

template <class Nearest>
NearestVotes votes_of(const Nearest& nearest, int64_t M, int64_t K, const Tensor& labels_N, int64_t classes,
                      double temperature) {
  const Tensor labels = labels_N.to(at::kCPU);
  NearestVotes out{at::empty({M, K}, at::kLong), at::empty({M, classes}, at::kDouble)};
  for (int64_t first = 0; first < M; first += kChunk) {
    const int64_t count = std::min(kChunk, M - first);
    const TopProducts near = nearest(first, count);
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

}  // namespace

NearestVotes nearest_votes(const Tensor& bank_ND, const Tensor& labels_N, const Tensor& query_MD, int64_t k,
                           int64_t classes, double temperature) {
  const int64_t K = std::min(k, bank_ND.size(0));
  const ProductSearch bank(bank_ND);
  const auto nearest = [&](int64_t first, int64_t count) { return bank.top(query_MD.narrow(0, first, count), K); };
  return votes_of(nearest, query_MD.size(0), K, labels_N, classes, temperature);
}

NearestVotes nearest_votes_of_others(const Tensor& bank_ND, const Tensor& labels_N, int64_t k, int64_t classes,
                                     double temperature) {
  const int64_t N = bank_ND.size(0), K = std::min(k, N - 1);
  require(K >= 1, "two rows or more, of which each has another");
  const ProductSearch bank(bank_ND);
  const auto nearest = [&](int64_t first, int64_t count) {
    return without_self(bank.top(bank_ND.narrow(0, first, count), K + 1), first);
  };
  return votes_of(nearest, N, K, labels_N, classes, temperature);
}

}  // namespace sslbench
