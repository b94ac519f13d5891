// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "mae",
     .summary = "one view: a bicubic crop and a flip",
     .source = "He et al. 2022, arXiv:2111.06377, table 8; facebookresearch/mae main_pretrain.py",
     .values = {{"interpolation", "bicubic"}, {"area_low", 0.2}, {"jitter", 0.0}, {"gray", 0.0}}});

}  // namespace
}  // namespace sslbench
