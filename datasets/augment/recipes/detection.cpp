// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/named_recipe.h"
#include "datasets/augment/published_views.h"

namespace sslbench {
namespace {

const bool registered = Registry<RecipeEntry>::add(
    {.name = "detection",
     .summary = "the whole image with a flip and weak colours, as the protocol trains its head",
     .source = "this program's detection protocol",
     .values = whole_image_views(),
     .dense = true});

}  // namespace
}  // namespace sslbench
