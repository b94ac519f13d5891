// SPDX-License-Identifier: Apache-2.0
// The pre-norm transformer block of timm's VisionTransformer, under its names: norm1, attn.qkv, attn.proj, ls1.gamma,
// norm2, mlp.fc1, mlp.fc2, ls2.gamma. Vaswani et al., NeurIPS 2017, arXiv:1706.03762; Dosovitskiy et al., ICLR 2021,
// arXiv:2010.11929; LayerScale: Touvron et al., ICCV 2021, arXiv:2103.17239; SwiGLU: Shazeer, arXiv:2002.05202.
// Shapes: N images, T tokens, D width.
#pragma once

#include <string>

#include "methods/layers.h"

namespace sslbench {

inline constexpr double kTransformerEps = 1e-6;  // of every layer norm in timm's VisionTransformer

// gelu is exact (erf), gelu_tanh its approximation, quick_gelu x sigmoid(1.702 x) (OpenAI's CLIP).
enum class Activation { gelu, gelu_tanh, quick_gelu };
Tensor activated(const Tensor& x, Activation activation);

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

struct FeedForwardShape {
  int64_t dim = 0, hidden = 0;  // hidden: outputs of the first layer
  Activation activation = Activation::gelu;
  bool swiglu = false;  // the first layer gives [a, b], and silu(a) b enters the second; instead of `activation`
  std::string first = "fc1", second = "fc2";
};

// Linear, activation, Linear.
class FeedForward final : public Module {
 public:
  FeedForward(const FeedForwardShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD) const;

 private:
  Activation activation_;
  bool swiglu_;
  Linear first_, second_;
};

// x gamma; gamma starts from one value.
class LayerScale final : public Module {
 public:
  LayerScale(int64_t dim, double initial);
  Tensor operator()(const Tensor& x_NTD) const { return x_NTD * gamma_; }

 private:
  Tensor gamma_;
};

struct BlockShape {
  int64_t heads = 1;
  FeedForwardShape mlp;
  double eps = kTransformerEps;
  double layer_scale = 0;  // initial gamma; 0: there is none
};

class TransformerBlock final : public Module {
 public:
  TransformerBlock(const BlockShape& shape, at::Generator& generator);
  TransformerBlock(int64_t dim, int64_t heads, double mlp_ratio, at::Generator& generator);
  // x + a ls1(attn(norm1(x))), then x + m ls2(mlp(norm2(x))). keep_2N: a and m for every image (DropPath);
  // undefined: 1.
  Tensor operator()(const Tensor& x_NTD, const Tensor& keep_2N = {}) const;

 private:
  LayerNorm norm1_;
  Attention attn_;
  std::unique_ptr<LayerScale> ls1_;
  LayerNorm norm2_;
  FeedForward mlp_;
  std::unique_ptr<LayerScale> ls2_;
};

}  // namespace sslbench
