// SPDX-License-Identifier: Apache-2.0
// Swin Transformer. Liu et al., ICCV 2021, arXiv:2103.14030: attention within windows, shifted by half a window in
// every second block. Parameter names and order of timm or torchvision, which differ on small maps, too; initialisation
// of timm: normal of std 0.02, biases 0. Shapes: N images, H W rows and columns of a map, C channels, A tokens of a
// window.
#pragma once

#include <array>

#include "methods/backbone.h"
#include "methods/drop_path.h"
#include "methods/layers.h"

namespace sslbench {

// timm: a window that is larger than the map of an image of the declared size shrinks to it and is not shifted; maps
// are rolled, then padded to whole windows. torchvision: maps are padded, then rolled, and not shifted along a side
// that one window covers.
enum class SwinVariant { timm, torchvision };

struct SwinShape {
  int64_t width = 96;  // of the first stage; doubles from stage to stage
  std::array<int64_t, 4> depths{}, heads{};
  int64_t window = 7, patch_size = 4;
  int64_t image_height = 224, image_width = 224;  // px, for which timm's windows are chosen
  double drop_path = 0;                           // of the last block
  SwinVariant variant = SwinVariant::timm;
};

class SwinBlock;

class Swin final : public Backbone {
 public:
  // UserError when the heads of a stage do not divide its width, or an image of the declared size has no window.
  Swin(const SwinShape& shape, at::Generator& generator);
  ~Swin() override;

  // Outputs of the four stages. Images whose size the patch does not divide are padded with zeros at the right and at
  // the bottom.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override;
  // The average of the last map after a norm.
  Tensor features(const Tensor& x_NCHW) const override;
  Tensor pooled_norm(const Tensor& last_map_NCHW) const;

 private:
  class Merging;
  void add_stage(size_t j, at::Generator& generator);

  SwinShape shape_;
  Conv2d patches_;
  LayerNorm patch_norm_;
  std::array<std::vector<std::unique_ptr<SwinBlock>>, 4> stages_;
  std::vector<std::unique_ptr<Merging>> mergings_;  // before stages 1, 2, 3
  LayerNorm norm_;
  DropPath drop_path_;
};

}  // namespace sslbench
