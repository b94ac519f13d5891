// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/attention_pool.h"

#include <cmath>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {

AttentionPool::AttentionPool(const BlockShape& shape, at::Generator& generator)
    : heads_(shape.heads),
      latent_(normal_values({1, 1, shape.mlp.dim}, 1 / std::sqrt(static_cast<double>(shape.mlp.dim)), generator)),
      q_(shape.mlp.dim, shape.mlp.dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      kv_(shape.mlp.dim, 2 * shape.mlp.dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      proj_(shape.mlp.dim, shape.mlp.dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      norm_(shape.mlp.dim, shape.eps),
      mlp_(shape.mlp, generator) {
  add_parameter("latent", latent_);
  add_child("q", q_);
  add_child("kv", kv_);
  add_child("proj", proj_);
  add_child("norm", norm_);
  add_child("mlp", mlp_);
}

Tensor AttentionPool::operator()(const Tensor& tokens_NTD) const {
  const int64_t N = tokens_NTD.size(0), T = tokens_NTD.size(1), D = tokens_NTD.size(2);
  const Tensor query_1hTd = q_(latent_).view({1, 1, heads_, D / heads_}).transpose(1, 2);
  const auto kv = kv_(tokens_NTD).view({N, T, 2, heads_, D / heads_}).permute({2, 0, 3, 1, 4}).unbind(0);
  const Tensor read_NhTd =
      at::scaled_dot_product_attention(query_1hTd.expand({N, heads_, 1, D / heads_}), kv[0], kv[1]);
  const Tensor x_ND = proj_(read_NhTd.reshape({N, D}));
  return x_ND + mlp_(norm_(x_ND));
}

}  // namespace sslbench
