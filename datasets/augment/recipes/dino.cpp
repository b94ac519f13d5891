// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "dino",
     .summary = "two large views and eight small ones of 96 px, bicubic",
     .source = "Caron et al. 2021, arXiv:2104.14294; facebookresearch/dino main_dino.py DataAugmentationDINO",
     .values = {{"interpolation", "bicubic"},
                {"area_low", 0.4},
                {"saturation", 0.2},
                {"blur", {1.0, 0.1, 0.5}},
                {"solarize", {0.0, 0.2, 0.0}},
                {"local_count", 8},
                {"local_size", 96},
                {"local_area_low", 0.05},
                {"local_area_high", 0.4}}});

}  // namespace
}  // namespace sslbench
