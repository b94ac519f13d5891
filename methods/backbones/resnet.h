// SPDX-License-Identifier: Apache-2.0
// Residual networks. He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385;
// wide: Zagoruyko, Komodakis, BMVC 2016, arXiv:1605.07146; ResNeXt: Xie et al., CVPR 2017, arXiv:1611.05431.
#pragma once

#include <array>

#include "methods/backbone.h"
#include "methods/layers.h"

namespace sslbench {

struct ResNetShape {
  std::array<int64_t, 4> blocks{};  // of the four stages
  bool bottleneck = false;          // 1x1, 3x3 (with the stride), 1x1 to four times the channels; else two 3x3
  int64_t width = 64;            // of the first stage; stage j has width 2^j channels, four times that in bottlenecks
  int64_t groups = 1;            // of the 3x3 convolution of a bottleneck
  int64_t width_per_group = 64;  // of a stage with 64 channels: a bottleneck's inner width over its groups
  bool cifar_stem = false;       // 3x3 stride 1 without pooling; else 7x7 stride 2 and max-pool
  int64_t cifar_padding = 1;     // of the 3x3 stem
  bool stem_relu = true;
  std::string shortcut = "downsample";  // name of the 1x1 convolution and norm where a block changes the shape
  ConvInit init = ConvInit::kaiming_fan_out;
};

std::unique_ptr<Backbone> make_resnet(const ResNetShape& shape, at::Generator& generator);

// Entry of a network of torchvision: its names, order and initialisation, without fc.
// `shape` says what is fixed: blocks, bottleneck, groups, width_per_group.
BackboneEntry torchvision_resnet(const std::string& name, std::string summary, const ResNetShape& shape);

// Entry of a network of lightly's ResNetGenerator, without linear: always the 3x3 stem, torch.nn's initialisation, the
// block's branch named "shortcut".
BackboneEntry lightly_resnet(std::string name, std::string summary, std::array<int64_t, 4> blocks);

}  // namespace sslbench
