// SPDX-License-Identifier: Apache-2.0
// The pre-norm transformer block of timm's VisionTransformer, under its names: norm1, attn.qkv, attn.proj, norm2,
// mlp.fc1, mlp.fc2. Vaswani et al., NeurIPS 2017, arXiv:1706.03762; Dosovitskiy et al., ICLR 2021, arXiv:2010.11929.
// Shapes: N images, T tokens, D width.
#pragma once

#include "methods/layers.h"

namespace sslbench {

inline constexpr double kTransformerEps = 1e-6;  // of every layer norm in timm's VisionTransformer

// softmax(q k' / sqrt(D / heads)) v; q, k, v by one matrix in this order, then heads.
class Attention final : public Module {
 public:
  // heads must divide dim.
  Attention(int64_t dim, int64_t heads, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD) const;

 private:
  int64_t heads_;
  Linear qkv_, proj_;
};

// Linear, exact (erf) GELU, Linear.
class FeedForward final : public Module {
 public:
  FeedForward(int64_t dim, int64_t hidden, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD) const;

 private:
  Linear fc1_, fc2_;
};

class TransformerBlock final : public Module {
 public:
  TransformerBlock(int64_t dim, int64_t heads, double mlp_ratio, at::Generator& generator);
  // x + a attn(norm1(x)), then x + m mlp(norm2(x)). keep_2N: a and m for every image (DropPath); undefined: 1.
  Tensor operator()(const Tensor& x_NTD, const Tensor& keep_2N = {}) const;

 private:
  LayerNorm norm1_;
  Attention attn_;
  LayerNorm norm2_;
  FeedForward mlp_;
};

}  // namespace sslbench
