// SPDX-License-Identifier: Apache-2.0
// ConvNeXt. Liu et al.: "A ConvNet for the 2020s", CVPR 2022, arXiv:2201.03545; V2: Woo et al., CVPR 2023,
// arXiv:2301.00808.
//   block(x) = x + s gamma (W2 grn(gelu(W1 norm(dwconv7x7(x)) + b1)) + b2),  s: stochastic depth
// V1 has gamma (layer scale), V2 GRN (global response normalisation). Parameter names and order of torchvision, timm or
// DINOv3's authors; initialisation of all: normal of std 0.02, biases 0, gamma 1e-6.
// Shapes: N images, C channels.
#pragma once

#include <array>

#include "methods/backbone.h"
#include "methods/drop_path.h"
#include "methods/layers.h"

namespace sslbench {

enum class ConvNeXtNames { torchvision, timm, authors };

struct ConvNeXtShape {
  std::array<int64_t, 4> depths{}, dims{};
  bool grn = false;
  bool layer_scale = true;
  bool conv_mlp = false;  // 1x1 convolutions in place of linear layers: the same values, weights [out, in, 1, 1] (timm)
  double drop_path = 0;   // of the last block
  ConvNeXtNames names = ConvNeXtNames::torchvision;
};

class ConvNeXtBlock;

class ConvNeXt final : public Backbone {
 public:
  ConvNeXt(const ConvNeXtShape& shape, at::Generator& generator);
  ~ConvNeXt() override;

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override;
  // The norm of the global average.
  Tensor features(const Tensor& x_NCHW) const override;
  Tensor pooled_norm(const Tensor& last_map_NCHW) const;

 private:
  struct Stage {
    std::unique_ptr<LayerNorm> norm;  // of the first: after the stem
    std::unique_ptr<Conv2d> down;     // of the first: the stem
    std::vector<std::unique_ptr<ConvNeXtBlock>> blocks;
  };
  void make_stages(at::Generator& generator);
  void name_stages();

  ConvNeXtShape shape_;
  std::array<Stage, 4> stages_;
  LayerNorm last_norm_;
  DropPath drop_path_;
};

}  // namespace sslbench
