// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/resnet.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

const bool registered = Registry<BackboneEntry>::add(torchvision_resnet(
    "resnet34", "ResNet-34 with torchvision's parameter names, for images from 32 px", {.blocks = {3, 4, 6, 3}}));

}  // namespace
}  // namespace sslbench
