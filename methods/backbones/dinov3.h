// SPDX-License-Identifier: Apache-2.0
// DINOv3's Vision Transformer. Simeoni et al.: "DINOv3", arXiv:2508.10104: rotary positions of the patches instead of a
// table, storage tokens (registers), LayerScale, biases of q and v but not of k. Names of timm's Eva
// (vit_small_patch16_dinov3, ...) or of the authors' files (facebookresearch/dinov3
// dinov3/models/vision_transformer.py); initialisation of the authors': normal of std 0.02, biases 0, LayerScale 1e-5.
// Shapes: N images, P prefix tokens (class token, then storage tokens), L = h w patches, T = P + L, D width.
#pragma once

#include "methods/backbone.h"
#include "methods/drop_path.h"
#include "methods/layers.h"
#include "methods/patches/rotary_embedding.h"

namespace sslbench {

enum class Dinov3Names { timm, authors };

struct Dinov3Shape {
  int64_t dim = 384, depth = 12, heads = 6;
  int64_t patch_size = 16;
  double mlp_ratio = 4;
  int64_t registers = 4;
  bool swiglu = false;    // silu(w1 x) w2 x instead of gelu(w1 x); its hidden width is rounded up to a multiple of 8
  bool qkv_bias = false;  // of q and v; always there under the authors' names
  bool mean_pooling = false;  // features(): the mean of the patch tokens, else the class token
  double layer_scale = 1e-5;
  double drop_path = 0;  // of the last block
  double rope_base = 100;
  Dinov3Names names = Dinov3Names::timm;
};

class Dinov3Block;

class Dinov3 final : public Backbone {
 public:
  // UserError when heads do not divide dim, or 4 does not divide the width of a head.
  Dinov3(const Dinov3Shape& shape, at::Generator& generator);
  ~Dinov3() override;

  // One map of stride patch_size: the normed patch tokens. Images whose size the patch does not divide are padded with
  // zeros at the right and at the bottom.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override { return {{shape_.patch_size, shape_.dim}}; }
  Tensor features(const Tensor& x_NCHW) const override;

  int64_t class_token_blocks() const override { return shape_.depth; }
  LastBlocks last_blocks(const Tensor& x_NCHW, int64_t count) const override;

  // [N, T, D] after the last norm; each_block receives the output of every block before it.
  Tensor tokens(const Tensor& x_NCHW, std::vector<Tensor>* each_block = nullptr) const;
  Tensor norm(const Tensor& x_NTD) const { return norm_(x_NTD); }
  int64_t prefix() const { return 1 + shape_.registers; }
  int64_t grid(int64_t pixels) const { return (pixels + shape_.patch_size - 1) / shape_.patch_size; }

 private:
  Dinov3Shape shape_;
  Tensor cls_token_, reg_token_, mask_token_, periods_;  // [1, 1, D], [1, R, D], [1, D], [D / heads / 4]
  Conv2d proj_;
  std::unique_ptr<Module> rope_;
  std::vector<std::unique_ptr<Dinov3Block>> blocks_;
  LayerNorm norm_;
  DropPath drop_path_;
};

}  // namespace sslbench
