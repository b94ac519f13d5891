// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/resnet.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

const bool registered = Registry<BackboneEntry>::add(lightly_resnet(
    "lightly_resnet18", "ResNet-18 of lightly's ResNetGenerator, with its parameter names, for CIFAR", {2, 2, 2, 2}));

}  // namespace
}  // namespace sslbench
