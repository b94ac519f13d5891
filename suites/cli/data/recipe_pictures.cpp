// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data/recipe_pictures.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/dense_view.h"
#include "datasets/augment/named_recipe.h"
#include "datasets/augment/view_recipe.h"
#include "datasets/stream/drawn_picture.h"
#include "suites/cli/data/item_picture.h"

namespace sslbench {
namespace {

constexpr int kLargestView = 224;  // px, when nothing says how large

std::vector<uint8_t> bytes_of(const std::vector<float>& values) {
  std::vector<uint8_t> out;
  out.reserve(values.size());
  for (const float value : values) {
    out.push_back(static_cast<uint8_t>(std::lround(255 * std::clamp(value, 0.0f, 1.0f))));
  }
  return out;
}

Item view_item(const std::vector<float>& values, int height, int width) {
  Item out;
  out.image.height = height, out.image.width = width;
  out.image.pixels = bytes_of(values);
  return out;
}

// What the protocols of dense tasks train on: the whole picture with its boxes and mask, its longest side `size`.
Item dense_view(const Item& item, int size, const ViewKey& key) {
  const double scale = static_cast<double>(size) / std::max(item.image.height, item.image.width);
  DenseRecipe recipe;
  recipe.height = std::max(1, static_cast<int>(std::lround(item.image.height * scale)));
  recipe.width = std::max(1, static_cast<int>(std::lround(item.image.width * scale)));
  std::vector<float> values(static_cast<size_t>(recipe.height) * static_cast<size_t>(recipe.width) * 3);
  DenseTruth truth = render_dense(item, recipe, dense_stream(key.seed, key.epoch, key.sample), {}, values.data());
  Item out = view_item(values, recipe.height, recipe.width);
  out.boxes = std::move(truth.boxes), out.mask = std::move(truth.mask);
  return out;
}

}  // namespace

std::vector<Picture> recipe_pictures(const ImageSet& images, int64_t i, const RecipeRequest& request, bool background) {
  const RecipeEntry& entry = Registry<RecipeEntry>::find(request.recipe);
  const auto item = images.item(i);
  const int longest = std::min<int>(kLargestView, std::max(item->image.height, item->image.width));
  const ViewKey key{request.seed, request.epoch, i};
  if (entry.dense) {
    const Item view = dense_view(*item, request.size > 0 ? request.size : longest, key);
    return {item_picture(*item, background), item_picture(view, background)};
  }
  nlohmann::json values = entry.values;
  if (request.size > 0) values["size"] = request.size;
  const std::vector<ViewRecipe> recipes =
      view_recipes_from(Settings("views", view_options(), values), {.views = 2, .size = longest});
  DrawnPicture drawn;
  drawn.draw(images, recipes, key);
  std::vector<Picture> out{item_picture({.image = item->image, .boxes = {}}, background)};
  for (size_t v = 0; v < recipes.size(); ++v) {
    const int size = recipes[v].size;
    std::vector<float> view(static_cast<size_t>(size) * static_cast<size_t>(size) * 3);
    drawn.render(v, {}, view.data());
    out.push_back(item_picture(view_item(view, size, size), background));
  }
  return out;
}

}  // namespace sslbench
