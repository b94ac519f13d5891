// SPDX-License-Identifier: Apache-2.0
// Residual networks. He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385.
#pragma once

#include <array>

#include "methods/backbone.h"
#include "methods/layers.h"

namespace sslbench {

struct ResNetShape {
  std::array<int64_t, 4> blocks{};  // of the four stages
  bool bottleneck = false;          // 1x1, 3x3 (with the stride), 1x1 to four times the channels; else two 3x3
  int64_t width = 64;         // of the first stage; stage j has width 2^j channels, four times that in bottlenecks
  bool cifar_stem = false;    // 3x3 stride 1 without pooling; else 7x7 stride 2 and max-pool
  int64_t cifar_padding = 1;  // of the 3x3 stem
  bool stem_relu = true;
  std::string shortcut = "downsample";  // name of the 1x1 convolution and norm where a block changes the shape
  ConvInit init = ConvInit::kaiming_fan_out;
};

std::unique_ptr<Backbone> make_resnet(const ResNetShape& shape, at::Generator& generator);

// Entry of a network of torchvision: its names, order and initialisation, without fc.
BackboneEntry torchvision_resnet(std::string name, std::string summary, std::array<int64_t, 4> blocks, bool bottleneck);

// Entry of a network of lightly's ResNetGenerator, without linear: always the 3x3 stem, torch.nn's initialisation, the
// block's branch named "shortcut".
BackboneEntry lightly_resnet(std::string name, std::string summary, std::array<int64_t, 4> blocks);

}  // namespace sslbench
