// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/dense_view.h"

#include "datasets/augment/colour_stage.h"
#include "datasets/augment/normalise.h"
#include "datasets/augment/resize.h"

namespace sslbench {
namespace {

std::vector<Box> resize_boxes(const Item& item, const DenseRecipe& recipe, bool flip) {
  const float scale_x = static_cast<float>(recipe.width) / static_cast<float>(item.image.width);
  const float scale_y = static_cast<float>(recipe.height) / static_cast<float>(item.image.height);
  std::vector<Box> boxes = item.boxes;
  for (Box& box : boxes) {
    box.x0 *= scale_x, box.x1 *= scale_x, box.y0 *= scale_y, box.y1 *= scale_y;
    if (!flip) continue;
    const float left = static_cast<float>(recipe.width) - box.x1;
    box.x1 = static_cast<float>(recipe.width) - box.x0;
    box.x0 = left;
  }
  return boxes;
}

}  // namespace

Mask resize_mask(const Mask& mask, int height, int width, bool flip) {
  Mask out{height, width, std::vector<uint8_t>(static_cast<size_t>(height) * static_cast<size_t>(width))};
  uint8_t* label = out.labels.data();
  for (int64_t y = 0; y < height; ++y) {
    const int64_t from_y = (2 * y + 1) * mask.height / (2 * height);
    for (int64_t x = 0; x < width; ++x) {
      const int64_t from_x = (2 * (flip ? width - 1 - x : x) + 1) * mask.width / (2 * width);
      *label++ = mask.labels[static_cast<size_t>(from_y * mask.width + from_x)];
    }
  }
  return out;
}

DenseTruth render_dense(const Item& item, const DenseRecipe& recipe, RandomStream stream,
                        const Normalisation& normalisation, float* out) {
  // The whole image is a crop of full area; ratio bounds do not matter, so only flip and colour are taken.
  ViewRecipe choices;
  choices.flip = recipe.flip;
  choices.brightness = recipe.brightness, choices.contrast = recipe.contrast;
  choices.saturation = recipe.saturation, choices.hue = recipe.hue;
  choices.jitter = 1, choices.gray = 0;
  const ViewParameters view = draw_view(choices, item.image.height, item.image.width, stream);

  thread_local Planes planes;
  planes.resize(recipe.height, recipe.width);
  resize_crop(item.image, {0, 0, item.image.height, item.image.width}, {.mirrored = view.flip}, planes);
  apply_colour({view.order, view.brightness, view.contrast, view.saturation, view.hue, false}, planes);
  store_normalised(planes, normalisation, out);

  DenseTruth truth{resize_boxes(item, recipe, view.flip), {}};
  if (!item.mask.labels.empty()) truth.mask = resize_mask(item.mask, recipe.height, recipe.width, view.flip);
  return truth;
}

}  // namespace sslbench
