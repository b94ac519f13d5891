// SPDX-License-Identifier: Apache-2.0
#include "methods/transformer.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {

Tensor activated(const Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::gelu_tanh: return at::gelu(x, "tanh");
    case Activation::quick_gelu: return x * at::sigmoid(1.702 * x);
    default: return at::gelu(x);
  }
}

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

FeedForward::FeedForward(const FeedForwardShape& shape, at::Generator& generator)
    : activation_(shape.activation),
      swiglu_(shape.swiglu),
      first_(shape.dim, shape.hidden, generator, /*bias=*/true, LinearInit::narrow_normal),
      second_(shape.swiglu ? shape.hidden / 2 : shape.hidden, shape.dim, generator, /*bias=*/true,
              LinearInit::narrow_normal) {
  add_child(shape.first, first_);
  add_child(shape.second, second_);
}

Tensor FeedForward::operator()(const Tensor& x_NTD) const {
  const Tensor h_NTD = first_(x_NTD);
  if (!swiglu_) return second_(activated(h_NTD, activation_));
  const auto halves = h_NTD.chunk(2, -1);
  return second_(at::silu(halves[0]) * halves[1]);
}

LayerScale::LayerScale(int64_t dim, double initial) {
  gamma_ = add_parameter("gamma", constant_values({dim}, initial));
}

TransformerBlock::TransformerBlock(const BlockShape& shape, at::Generator& generator)
    : norm1_(shape.mlp.dim, shape.eps),
      attn_(shape.mlp.dim, shape.heads, generator),
      norm2_(shape.mlp.dim, shape.eps),
      mlp_(shape.mlp, generator) {
  const auto scale = [&](const char* name, std::unique_ptr<LayerScale>& out) {
    if (shape.layer_scale == 0) return;
    out = std::make_unique<LayerScale>(shape.mlp.dim, shape.layer_scale);
    add_child(name, *out);
  };
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  scale("ls1", ls1_);
  add_child("norm2", norm2_);
  add_child("mlp", mlp_);
  scale("ls2", ls2_);
}

TransformerBlock::TransformerBlock(int64_t dim, int64_t heads, double mlp_ratio, at::Generator& generator)
    : TransformerBlock(
          {.heads = heads, .mlp = {.dim = dim, .hidden = static_cast<int64_t>(static_cast<double>(dim) * mlp_ratio)}},
          generator) {}

Tensor TransformerBlock::operator()(const Tensor& x_NTD, const Tensor& keep_2N) const {
  const auto branch = [&](const Tensor& y_NTD, const std::unique_ptr<LayerScale>& scale, int64_t i) {
    const Tensor scaled_NTD = scale ? (*scale)(y_NTD) : y_NTD;
    return keep_2N.defined() ? scaled_NTD * keep_2N[i].unsqueeze(-1).unsqueeze(-1) : scaled_NTD;
  };
  const Tensor y_NTD = x_NTD + branch(attn_(norm1_(x_NTD)), ls1_, 0);
  return y_NTD + branch(mlp_(norm2_(y_NTD)), ls2_, 1);
}

}  // namespace sslbench
