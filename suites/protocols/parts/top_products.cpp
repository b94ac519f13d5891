// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/top_products.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "suites/metrics/largest.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr int64_t kQueries = 1024, kBank = 4096;  // of one product: 16 MB of results

TopProducts by_tiles(const Tensor& bank_ND, const Tensor& query_MD, int64_t K) {
  const int64_t N = bank_ND.size(0), M = query_MD.size(0);
  TopProducts out{at::empty({M, K}, at::kFloat), at::empty({M, K}, at::kLong)};
  std::vector<Largest> best(static_cast<size_t>(std::min(kQueries, M)), Largest(static_cast<size_t>(K)));
  Tensor products = at::empty({0}, query_MD.options());
  for (int64_t first = 0; first < M; first += kQueries) {
    const int64_t queries = std::min(kQueries, M - first);
    for (Largest& each : best) each.clear();
    for (int64_t tile = 0; tile < N; tile += kBank) {
      const int64_t rows = std::min(kBank, N - tile);
      products.resize_({queries, rows});
      at::mm_out(products, query_MD.narrow(0, first, queries), bank_ND.narrow(0, tile, rows).t());
      const float* values = products.const_data_ptr<float>();
      at::parallel_for(0, queries, 8, [&](int64_t begin, int64_t end) {
        for (int64_t q = begin; q < end; ++q) {
          best[static_cast<size_t>(q)].add({values + q * rows, static_cast<size_t>(rows)}, tile);
        }
      });
    }
    float* values = out.value_MK.mutable_data_ptr<float>() + first * K;
    int64_t* indices = out.index_MK.mutable_data_ptr<int64_t>() + first * K;
    at::parallel_for(0, queries, 8, [&](int64_t begin, int64_t end) {
      for (int64_t q = begin; q < end; ++q) best[static_cast<size_t>(q)].write(values + q * K, indices + q * K);
    });
  }
  return out;
}

}  // namespace

TopProducts top_products(const Tensor& bank_ND, const Tensor& query_MD, int64_t K) {
  if (bank_ND.is_cpu() && bank_ND.scalar_type() == at::kFloat) return by_tiles(bank_ND.contiguous(), query_MD, K);
  constexpr int64_t kChunk = 1024;  // queries of one product
  std::vector<Tensor> values, indices;
  for (int64_t first = 0; first < query_MD.size(0); first += kChunk) {
    const int64_t count = std::min(kChunk, query_MD.size(0) - first);
    const auto [value_MK, index_MK] = at::topk(at::mm(query_MD.narrow(0, first, count), bank_ND.t()), K);
    values.push_back(value_MK.to(at::kCPU));
    indices.push_back(index_MK.to(at::kCPU));
  }
  return {at::cat(values), at::cat(indices)};
}

}  // namespace sslbench
