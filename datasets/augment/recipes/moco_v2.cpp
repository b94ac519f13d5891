// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"
#include "datasets/augment/published_views.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "moco_v2",
     .summary = "two views, moderate colours, blur",
     .source = "Chen et al. 2020, arXiv:2003.04297; facebookresearch/moco main_moco.py --aug-plus",
     .values = moco_v2_views()});

}  // namespace
}  // namespace sslbench
