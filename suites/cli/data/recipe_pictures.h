// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/stream/image_set.h"
#include "reports/draw/picture.h"

namespace sslbench {

struct RecipeRequest {
  std::string recipe;
  int size = 0;  // px of a view; 0: the recipe's, else the longest side of the example, at most 224
  uint64_t seed = 0;
  int64_t epoch = 0;
};

// Example i and the views that training draws of it in that epoch of a run of that seed, before normalisation; with
// boxes and mask where the recipe takes them along. UserError when there is no such recipe.
std::vector<Picture> recipe_pictures(const ImageSet& images, int64_t i, const RecipeRequest& request, bool background);

}  // namespace sslbench
