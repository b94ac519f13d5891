// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"
#include "datasets/augment/published_views.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "swav",
     .summary = "two large views and six small ones of 96 px, strong colours",
     .source = "Caron et al. 2020, arXiv:2006.09882; facebookresearch/swav src/multicropdataset.py",
     .values = swav_multi_crop()});

}  // namespace
}  // namespace sslbench
