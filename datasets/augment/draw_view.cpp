// SPDX-License-Identifier: Apache-2.0
// Every random number of a view comes from here: where a crop lies, in which order colours change, and how strongly.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "datasets/augment/view.h"

namespace sslbench {
namespace {

void set_crop(ViewParameters& view, float top, float left, float height, float width) {
  view.top = top, view.left = left, view.height = height, view.width = width;
}

// The largest central crop whose ratio lies within the bounds.
void central_crop(const ViewRecipe& recipe, int height, int width, ViewParameters& view) {
  const auto full_height = static_cast<float>(height), full_width = static_cast<float>(width);
  const float ratio = full_width / full_height;
  float crop_height = full_height, crop_width = full_width;
  if (ratio < recipe.ratio_low) crop_height = std::nearbyint(full_width / recipe.ratio_low);
  if (ratio > recipe.ratio_high) crop_width = std::nearbyint(full_height * recipe.ratio_high);
  set_crop(view, std::floor((full_height - crop_height) / 2), std::floor((full_width - crop_width) / 2), crop_height,
           crop_width);
}

// torchvision RandomResizedCrop.get_params: ten tries, sides rounded half to even, then the central crop.
void draw_crop(const ViewRecipe& recipe, int height, int width, RandomStream& stream, ViewParameters& view) {
  const double area = static_cast<double>(height) * width;
  const double log_low = std::log(static_cast<double>(recipe.ratio_low));
  const double log_high = std::log(static_cast<double>(recipe.ratio_high));
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double target = area * stream.uniform(recipe.area_low, recipe.area_high);
    const double ratio = std::exp(log_low + (log_high - log_low) * stream.uniform());
    const int crop_width = static_cast<int>(std::nearbyint(std::sqrt(target * ratio)));
    const int crop_height = static_cast<int>(std::nearbyint(std::sqrt(target / ratio)));
    if (crop_width < 1 || crop_height < 1 || crop_width > width || crop_height > height) continue;
    const auto top = stream.below(static_cast<uint32_t>(height - crop_height + 1));
    const auto left = stream.below(static_cast<uint32_t>(width - crop_width + 1));
    return set_crop(view, static_cast<float>(top), static_cast<float>(left), static_cast<float>(crop_height),
                    static_cast<float>(crop_width));
  }
  central_crop(recipe, height, width, view);
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
  draw_crop(recipe, height, width, stream, view);
  const auto happens = [&](float probability) { return stream.uniform() < probability; };
  view.flip = happens(recipe.flip);
  const float degrees = stream.uniform(-recipe.rotation, recipe.rotation);
  view.angle = degrees * std::numbers::pi_v<float> / 180;
  view.jitter = happens(recipe.jitter);
  if (view.jitter) draw_jitter(recipe, stream, view);
  view.gray = happens(recipe.gray);
  if (happens(recipe.blur)) view.blur_sigma = stream.uniform(recipe.blur_sigma_low, recipe.blur_sigma_high);
  view.solarize = happens(recipe.solarize);
  return view;
}

}  // namespace sslbench
