// SPDX-License-Identifier: Apache-2.0
#include "methods/transformer.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include "suites/tensors/aten.h"

namespace sslbench {

Attention::Attention(int64_t dim, int64_t heads, at::Generator& generator)
    : heads_(heads),
      qkv_(dim, 3 * dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      proj_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  add_child("qkv", qkv_);
  add_child("proj", proj_);
}

Tensor Attention::operator()(const Tensor& x_NTD) const {
  const int64_t N = x_NTD.size(0), T = x_NTD.size(1), D = x_NTD.size(2);
  const auto qkv = qkv_(x_NTD).view({N, T, 3, heads_, D / heads_}).permute({2, 0, 3, 1, 4}).unbind(0);
  return proj_(at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]).transpose(1, 2).reshape({N, T, D}));
}

FeedForward::FeedForward(int64_t dim, int64_t hidden, at::Generator& generator)
    : fc1_(dim, hidden, generator, /*bias=*/true, LinearInit::narrow_normal),
      fc2_(hidden, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  add_child("fc1", fc1_);
  add_child("fc2", fc2_);
}

Tensor FeedForward::operator()(const Tensor& x_NTD) const { return fc2_(at::gelu(fc1_(x_NTD))); }

TransformerBlock::TransformerBlock(int64_t dim, int64_t heads, double mlp_ratio, at::Generator& generator)
    : norm1_(dim, kTransformerEps),
      attn_(dim, heads, generator),
      norm2_(dim, kTransformerEps),
      mlp_(dim, static_cast<int64_t>(static_cast<double>(dim) * mlp_ratio), generator) {
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  add_child("norm2", norm2_);
  add_child("mlp", mlp_);
}

Tensor TransformerBlock::operator()(const Tensor& x_NTD, const Tensor& keep_2N) const {
  if (!keep_2N.defined()) {
    const Tensor y_NTD = x_NTD + attn_(norm1_(x_NTD));
    return y_NTD + mlp_(norm2_(y_NTD));
  }
  const Tensor keep_2N11 = keep_2N.unsqueeze(-1).unsqueeze(-1);
  const Tensor y_NTD = x_NTD + attn_(norm1_(x_NTD)) * keep_2N11[0];
  return y_NTD + mlp_(norm2_(y_NTD)) * keep_2N11[1];
}

}  // namespace sslbench
