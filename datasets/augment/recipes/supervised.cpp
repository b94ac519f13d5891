// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "supervised",
     .summary = "one view: a crop and a flip",
     .source = "He et al. 2016, arXiv:1512.03385, section 3.4; pytorch/vision references/classification presets.py",
     .values = {{"jitter", 0.0}, {"gray", 0.0}}});

}  // namespace
}  // namespace sslbench
