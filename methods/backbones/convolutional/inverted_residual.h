// SPDX-License-Identifier: Apache-2.0
// Networks of inverted residual blocks: EfficientNet and MobileNetV3. Sandler et al.: "MobileNetV2", CVPR 2018,
// arXiv:1801.04381.
//   block(x) = x + s project(se(depthwise(expand(x)))),  s: stochastic depth; x only where the shape stays
// Parameter names, order and initialisation of torchvision; names of timm on demand.
#pragma once

#include "methods/backbone.h"
#include "methods/backbones/convolutional/conv_norm.h"
#include "methods/drop_path.h"

namespace sslbench {

struct InvertedResidualShape {
  int64_t in = 0, expanded = 0, out = 0;  // expanded = in: there is no 1x1 convolution before the depthwise one
  int64_t kernel = 3, stride = 1;
  int64_t squeezed = 0;  // 0: no squeeze-and-excitation
  MapActivation activation = MapActivation::silu;
  std::string name;  // of the block: "features.1.0"
};

struct InvertedResidualNetShape {
  std::vector<InvertedResidualShape> blocks;
  int64_t last = 0;                                // channels of the 1x1 convolution after the blocks
  MapActivation activation = MapActivation::silu;  // of that, and of the stem
  MapActivation squeeze_activation = MapActivation::silu;
  bool hard_gate = false;             // see SqueezeShape
  double eps = 1e-5, momentum = 0.1;  // of every norm
  double drop_path = 0;               // of the block after the last one; linear from 0 in the first block
  bool timm_names = false;
  std::string stem_name, last_name;  // of the modules
  ConvNormNames stem_layers = {}, last_layers = {};
};

class InvertedResidualNet final : public Backbone {
 public:
  InvertedResidualNet(const InvertedResidualNetShape& shape, at::Generator& generator);
  ~InvertedResidualNet() override;

  // The last block of every stride from 4 on, and in place of the last of them the 1x1 convolution after it.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override;
  // Outputs of the stem, of every block, and of the last convolution.
  std::vector<Tensor> layers(const Tensor& x_NCHW) const;

 private:
  class Block;
  // Index in layers() of every map.
  std::vector<size_t> map_layers() const;

  InvertedResidualNetShape shape_;
  ConvNorm stem_;
  std::vector<std::unique_ptr<Block>> blocks_;
  ConvNorm last_;
  DropPath drop_path_;
};

// The multiple of 8 nearest to `channels`, at least 8, and never less than nine tenths of it (MobileNet's rule).
int64_t divisible_by_8(double channels);

}  // namespace sslbench
