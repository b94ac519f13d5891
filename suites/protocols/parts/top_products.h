// SPDX-License-Identifier: Apache-2.0
// The largest inner products of queries with a bank, without the whole matrix of them. Shapes: N rows of the bank, M
// queries, D features, K kept.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

struct TopProducts {
  at::Tensor value_MK;  // as the queries, on the CPU, largest first
  at::Tensor index_MK;  // int64, on the CPU; of equal values the lower index first
};

// K <= N. On the CPU tile after tile of the bank, each looked through while it is in the cache; on a GPU by at::topk,
// which does not say which of equal values come first.
TopProducts top_products(const at::Tensor& bank_ND, const at::Tensor& query_MD, int64_t K);

}  // namespace sslbench
