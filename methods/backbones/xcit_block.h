// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbones/convolutional/conv_norm.h"
#include "methods/backbones/xcit.h"
#include "methods/transformer.h"

namespace sslbench {

// 3x3 convolutions of stride 2 with norms and GELU between: [N, 3, H, W] -> [N, D, h, w].
class XcitPatches final : public Module {
 public:
  XcitPatches(int64_t dim, int64_t patch_size, at::Generator& generator);
  Tensor operator()(const Tensor& x_NCHW) const;

 private:
  std::vector<std::unique_ptr<ConvNorm>> convs_;
};

// softmax(temperature q' k'^T) v over the channels of a head, q' and k' of unit length over the tokens.
class CrossCovarianceAttention final : public Module {
 public:
  CrossCovarianceAttention(int64_t dim, int64_t heads, at::Generator& generator);
  Tensor operator()(const Tensor& x_NLD) const;

 private:
  int64_t heads_;
  Tensor temperature_;  // [heads, 1, 1]
  Linear qkv_, proj_;
};

// Two depthwise 3x3 convolutions over the grid of patches with GELU and a norm between.
class LocalPatchInteraction final : public Module {
 public:
  LocalPatchInteraction(int64_t dim, at::Generator& generator);
  Tensor operator()(const Tensor& x_NLD, int64_t h, int64_t w) const;

 private:
  Conv2d conv1_;
  BatchNorm bn_;
  Conv2d conv2_;
};

class XcitBlock final : public Module {
 public:
  XcitBlock(const XcitShape& shape, at::Generator& generator);
  // keep_3N: factors of attention, local interaction and MLP for every image (DropPath); undefined: 1.
  Tensor operator()(const Tensor& x_NLD, int64_t h, int64_t w, const Tensor& keep_3N) const;

 private:
  Tensor gamma1_, gamma3_, gamma2_;
  LayerNorm norm1_;
  CrossCovarianceAttention attn_;
  LayerNorm norm3_;
  LocalPatchInteraction local_mp_;
  LayerNorm norm2_;
  FeedForward mlp_;
};

// The class token reads the patches; patches are normed along.
class XcitClassBlock final : public Module {
 public:
  XcitClassBlock(const XcitShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x_NTD) const;

 private:
  // Attention of the class token to all tokens: children q, k, v, proj.
  class ClassAttention final : public Module {
   public:
    ClassAttention(int64_t dim, int64_t heads, at::Generator& generator);
    Tensor operator()(const Tensor& x_NTD) const;  // [N, 1, D]

   private:
    int64_t heads_;
    Linear q_, k_, v_, proj_;
  };

  Tensor gamma1_, gamma2_;
  LayerNorm norm1_;
  ClassAttention attn_;
  LayerNorm norm2_;
  FeedForward mlp_;
};

}  // namespace sslbench
