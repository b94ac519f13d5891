// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/top_products.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "suites/ground/threads/row_blocks.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

RowsView<float> view_of(const Tensor& x_ND) {
  return {x_ND.const_data_ptr<float>(), static_cast<size_t>(x_ND.size(0)), static_cast<size_t>(x_ND.size(1))};
}

TopProducts searched(const NeighbourSearch<float>& search, const Tensor& query_MD, int64_t K) {
  const int64_t M = query_MD.size(0);
  TopProducts out{at::empty({M, K}, at::kFloat), at::empty({M, K}, at::kLong)};
  float* values = out.value_MK.mutable_data_ptr<float>();
  int64_t* indices = out.index_MK.mutable_data_ptr<int64_t>();
  const RowsView<float> queries = view_of(query_MD);
  const auto rows = static_cast<size_t>(M), threads = static_cast<size_t>(at::get_num_threads());
  const size_t block = std::clamp<size_t>((rows + threads - 1) / threads, 1, ShortProducts::kQueriesAtOnce);
  for_row_blocks(rows, block, threads, [&](size_t first, size_t last) {
    search.nearest(queries, first, last, static_cast<size_t>(K), indices + first * static_cast<size_t>(K),
                   values + first * static_cast<size_t>(K));
  });
  return out;
}

}  // namespace

ProductSearch::ProductSearch(const Tensor& bank_ND) : bank_ND_(bank_ND.contiguous()) {
  if (!bank_ND_.is_cpu() || bank_ND_.scalar_type() != at::kFloat) return;
  search_ = std::make_shared<const NeighbourSearch<float>>(view_of(bank_ND_));
}

TopProducts ProductSearch::top(const Tensor& query_MD, int64_t K) const {
  if (search_) return searched(*search_, query_MD.contiguous(), K);
  constexpr int64_t kChunk = 1024;  // queries of one product
  std::vector<Tensor> values, indices;
  for (int64_t first = 0; first < query_MD.size(0); first += kChunk) {
    const int64_t count = std::min(kChunk, query_MD.size(0) - first);
    const auto [value_MK, index_MK] = at::topk(at::mm(query_MD.narrow(0, first, count), bank_ND_.t()), K);
    values.push_back(value_MK.to(at::kCPU));
    indices.push_back(index_MK.to(at::kCPU));
  }
  return {at::cat(values), at::cat(indices)};
}

}  // namespace sslbench
