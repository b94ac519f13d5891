// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbones/dinov3.h"
#include "methods/transformer.h"

namespace sslbench {

class Dinov3Attention final : public Module {
 public:
  Dinov3Attention(const Dinov3Shape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD, const Rope& rope) const;

 private:
  // The product with q, k and v: names qkv.weight, and under the authors' names qkv.bias and qkv.bias_mask.
  class Projection final : public Module {
   public:
    Projection(int64_t dim, bool masked_bias, at::Generator& generator);
    Tensor weight, bias, bias_mask;
  };
  Tensor bias() const;

  int64_t heads_;
  Tensor q_bias_, k_bias_, v_bias_;  // k: zeros
  Projection qkv_;
  Linear proj_;
};

// silu(w1 x) w2 x, then w3: mlp.fc1_g, fc1_x, fc2 of timm, w1, w2, w3 of the authors.
class SwiGlu final : public Module {
 public:
  SwiGlu(int64_t dim, int64_t hidden, Dinov3Names names, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD) const;

 private:
  Linear gate_, value_, out_;
};

class Dinov3Block final : public Module {
 public:
  Dinov3Block(const Dinov3Shape& shape, at::Generator& generator);
  // keep_2N: factors of the two branches for every image (DropPath); undefined: 1.
  Tensor operator()(const Tensor& x_NTD, const Rope& rope, const Tensor& keep_2N) const;

 private:
  Tensor gamma_1_, gamma_2_;
  LayerNorm norm1_;
  Dinov3Attention attn_;
  std::unique_ptr<LayerScale> ls1_, ls2_;  // under the authors' names
  LayerNorm norm2_;
  std::unique_ptr<FeedForward> mlp_;
  std::unique_ptr<SwiGlu> swiglu_;
};

}  // namespace sslbench
