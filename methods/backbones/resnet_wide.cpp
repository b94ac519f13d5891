// SPDX-License-Identifier: Apache-2.0
// Deep, wide and grouped residual networks of torchvision.
#include "methods/backbones/resnet.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* summary, const ResNetShape& shape) {
  return Registry<BackboneEntry>::add(torchvision_resnet(
      name, std::string(summary) + " with torchvision's parameter names, for images from 32 px", shape));
}

constexpr std::array<int64_t, 4> k50 = {3, 4, 6, 3}, k101 = {3, 4, 23, 3}, k152 = {3, 8, 36, 3};

const bool registered = add("resnet101", "ResNet-101 (bottlenecks)", {.blocks = k101, .bottleneck = true}) &&
                        add("resnet152", "ResNet-152 (bottlenecks)", {.blocks = k152, .bottleneck = true}) &&
                        add("wide_resnet50_2", "ResNet-50 with bottlenecks twice as wide",
                            {.blocks = k50, .bottleneck = true, .width_per_group = 128}) &&
                        add("wide_resnet101_2", "ResNet-101 with bottlenecks twice as wide",
                            {.blocks = k101, .bottleneck = true, .width_per_group = 128}) &&
                        add("resnext50_32x4d", "ResNeXt-50 (32 groups of 4 channels)",
                            {.blocks = k50, .bottleneck = true, .groups = 32, .width_per_group = 4}) &&
                        add("resnext101_32x8d", "ResNeXt-101 (32 groups of 8 channels)",
                            {.blocks = k101, .bottleneck = true, .groups = 32, .width_per_group = 8});

}  // namespace
}  // namespace sslbench
