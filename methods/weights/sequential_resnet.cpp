// SPDX-License-Identifier: Apache-2.0
// A ResNet whose children were put into a Sequential, as lightly's examples do: torchvision's children are conv1, bn1,
// relu, maxpool, layer1 to layer4; those of lightly's ResNetGenerator are conv1, bn1, layer1 to layer4.
#include "methods/weights/weight_layout.h"

namespace sslbench {
namespace {

const bool generated = Registry<WeightLayout>::add({.name = "Sequential of lightly's ResNet",
                                                    .rows = {{"0.$", "conv1.$"},
                                                             {"1.$", "bn1.$"},
                                                             {"2.$", "layer1.$"},
                                                             {"3.$", "layer2.$"},
                                                             {"4.$", "layer3.$"},
                                                             {"5.$", "layer4.$"}}});

const bool registered = Registry<WeightLayout>::add({.name = "Sequential of torchvision's ResNet",
                                                     .rows = {{"0.$", "conv1.$"},
                                                              {"1.$", "bn1.$"},
                                                              {"4.$", "layer1.$"},
                                                              {"5.$", "layer2.$"},
                                                              {"6.$", "layer3.$"},
                                                              {"7.$", "layer4.$"}}});

}  // namespace
}  // namespace sslbench
