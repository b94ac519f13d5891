// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"
#include "datasets/augment/published_views.h"

namespace sslbench {
namespace {

nlohmann::json bicubic_pair() {
  nlohmann::json out = byol_pair();
  out["interpolation"] = "bicubic";
  return out;
}

const bool registered = Registry<RecipeEntry>::add(
    {.name = "byol",
     .summary = "two unequal views, bicubic; the second is solarized",
     .source = "Grill et al. 2020, arXiv:2006.07733, table 6; deepmind-research byol/utils/augmentations.py",
     .values = bicubic_pair()});

}  // namespace
}  // namespace sslbench
