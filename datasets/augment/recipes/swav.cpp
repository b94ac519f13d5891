// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "swav",
     .summary = "two large views and six small ones of 96 px, strong colours",
     .source = "Caron et al. 2020, arXiv:2006.09882; facebookresearch/swav src/multicropdataset.py",
     .values = {{"area_low", 0.14},
                {"brightness", 0.8},
                {"contrast", 0.8},
                {"saturation", 0.8},
                {"hue", 0.2},
                {"blur", 0.5},
                {"local_count", 6},
                {"local_size", 96},
                {"local_area_low", 0.05},
                {"local_area_high", 0.14}}});

}  // namespace
}  // namespace sslbench
