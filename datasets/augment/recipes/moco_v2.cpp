// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "moco_v2",
     .summary = "two views, moderate colours, blur",
     .source = "Chen et al. 2020, arXiv:2003.04297; facebookresearch/moco main_moco.py --aug-plus",
     .values = {{"area_low", 0.2}, {"blur", 0.5}}});

}  // namespace
}  // namespace sslbench
