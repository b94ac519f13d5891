// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "byol",
     .summary = "two unequal views, bicubic; the second is solarized",
     .source = "Grill et al. 2020, arXiv:2006.07733, table 6; deepmind-research byol/utils/augmentations.py",
     .values = {{"interpolation", "bicubic"}, {"saturation", 0.2}, {"blur", {1.0, 0.1}}, {"solarize", {0.0, 0.2}}}});

}  // namespace
}  // namespace sslbench
