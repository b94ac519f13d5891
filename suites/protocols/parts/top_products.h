// SPDX-License-Identifier: Apache-2.0
// The largest inner products of queries with a bank, without the whole matrix of them. Shapes: N rows of the bank, M
// queries, D features, K kept.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "suites/metrics/neighbours/nearest_neighbours.h"

namespace sslbench {

struct TopProducts {
  at::Tensor value_MK;  // as the queries, on the CPU, largest first
  at::Tensor index_MK;  // int64, on the CPU; of equal values the lower index first
};

// A bank that is asked again and again. On the CPU and in float32 it is a NeighbourSearch, whose values are sums in
// double, rounded, for any number of threads; else at::mm and at::topk, which does not say which of equal values come
// first.
class ProductSearch {
 public:
  ProductSearch(const at::Tensor& bank_ND);

  int64_t rows() const { return bank_ND_.size(0); }
  // 1 <= K <= N. On the CPU UserError where a product is not finite.
  TopProducts top(const at::Tensor& query_MD, int64_t K) const;

 private:
  at::Tensor bank_ND_;
  std::shared_ptr<const NeighbourSearch<float>> search_;
};

}  // namespace sslbench
