// SPDX-License-Identifier: Apache-2.0
// Every random choice of a view is made here: whether an operation happens, in which order colours change, how
// strongly; where a crop lies: draw_rect.cpp. The numbers come from suites/ground/random.h, under the key that
// stream/drawn_picture.cpp makes. New choices are drawn after the old ones, so that a view without them stays what it
// was.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "datasets/augment/view.h"

namespace sslbench {
namespace {

void draw_place(const ViewRecipe& recipe, int height, int width, RandomStream& stream, ViewParameters& view) {
  const RectBounds bounds{recipe.area_low, recipe.area_high, recipe.ratio_low, recipe.ratio_high};
  const CropRect crop = recipe.pad_crop > 0 ? draw_padded_crop(recipe.pad_crop, height, width, stream)
                                            : draw_crop(recipe.crop, bounds, height, width, stream);
  view.top = static_cast<float>(crop.top), view.left = static_cast<float>(crop.left);
  view.height = static_cast<float>(crop.height), view.width = static_cast<float>(crop.width);
  view.interpolation = recipe.interpolation;
}

// torchvision ColorJitter.get_params: an even draw of the 24 orders, factors U(max(0, 1 - a), 1 + a), hue U(-a, a).
void draw_jitter(const ViewRecipe& recipe, RandomStream& stream, ViewParameters& view) {
  const auto factor = [&](float strength) { return stream.uniform(std::max(0.f, 1 - strength), 1 + strength); };
  for (uint32_t i = 3; i > 0; --i) std::swap(view.order[i], view.order[stream.below(i + 1)]);
  view.brightness = factor(recipe.brightness);
  view.contrast = factor(recipe.contrast);
  view.saturation = factor(recipe.saturation);
  view.hue = stream.uniform(-recipe.hue, recipe.hue);
}

}  // namespace

ViewParameters draw_view(const ViewRecipe& recipe, int height, int width, RandomStream stream) {
  ViewParameters view;
  draw_place(recipe, height, width, stream, view);
  const auto happens = [&](float probability) { return stream.uniform() < probability; };
  view.flip = happens(recipe.flip);
  const float degrees = stream.uniform(-recipe.rotation, recipe.rotation);
  view.angle = degrees * std::numbers::pi_v<float> / 180;
  view.jitter = happens(recipe.jitter);
  if (view.jitter) draw_jitter(recipe, stream, view);
  view.gray = happens(recipe.gray);
  if (happens(recipe.blur)) view.blur_sigma = stream.uniform(recipe.blur_sigma_low, recipe.blur_sigma_high);
  view.blur_kernel = recipe.blur_kernel;
  view.solarize = happens(recipe.solarize);
  view.solarize_threshold = recipe.solarize_threshold;
  view.flip_vertical = happens(recipe.flip_vertical);
  view.rand_augment = draw_rand_augment(recipe.rand_augment, recipe.rand_augment_magnitude, stream);
  if (happens(recipe.posterize)) view.posterize_bits = recipe.posterize_bits;
  view.equalize = happens(recipe.equalize);
  if (happens(recipe.erasing)) view.erased = draw_erased(recipe.erased, recipe.size, recipe.size, stream);
  return view;
}

}  // namespace sslbench
