// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "segmentation",
     .summary = "the whole image with a flip and weak colours, as the protocol trains its head",
     .source = "this program's segmentation protocol",
     .values = {{"crop", "whole"},
                {"jitter", 1.0},
                {"brightness", 0.2},
                {"contrast", 0.2},
                {"saturation", 0.2},
                {"hue", 0.05},
                {"gray", 0.0}}});

}  // namespace
}  // namespace sslbench
