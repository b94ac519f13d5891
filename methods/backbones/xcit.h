// SPDX-License-Identifier: Apache-2.0
// XCiT. El-Nouby et al., NeurIPS 2021, arXiv:2106.09681: attention between channels instead of tokens (DINO published
// weights of it). Parameter names, order and initialisation of timm (xcit_small_12_p16_224, ...).
// Shapes: N images, L = h w patches, T = 1 + L tokens, D width.
#pragma once

#include "methods/backbone.h"
#include "methods/drop_path.h"
#include "methods/layers.h"

namespace sslbench {

struct XcitShape {
  int64_t dim = 384, depth = 12, heads = 8;
  int64_t patch_size = 16;  // 8 or 16
  double layer_scale = 1;   // initial
  double drop_path = 0;     // of every block
};

class XcitBlock;
class XcitClassBlock;
class XcitPatches;

class Xcit final : public Backbone {
 public:
  // UserError when heads do not divide dim, 8 does not divide dim, or patches are neither of 8 nor of 16 px.
  Xcit(const XcitShape& shape, at::Generator& generator);
  ~Xcit() override;

  // One map of stride patch_size: the normed patch tokens.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override { return {{shape_.patch_size, shape_.dim}}; }
  // The class token.
  Tensor features(const Tensor& x_NCHW) const override;

  Tensor tokens(const Tensor& x_NCHW) const;  // [N, T, D]

 private:
  Tensor positions(int64_t h, int64_t w) const;  // [1, L, D]

  XcitShape shape_;
  Tensor cls_token_;  // [1, 1, D]
  std::unique_ptr<XcitPatches> patches_;
  Conv2d position_projection_;
  std::vector<std::unique_ptr<XcitBlock>> blocks_;
  std::vector<std::unique_ptr<XcitClassBlock>> class_blocks_;
  LayerNorm norm_;
  std::unique_ptr<DropPath> drop_path_;
};

}  // namespace sslbench
