// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/draw_rect.h"

#include <algorithm>
#include <cmath>

namespace sslbench {
namespace {

constexpr int kTries = 10;

struct Sides {
  int long_with_ratio, short_with_ratio;  // sqrt(area * ratio), sqrt(area / ratio), rounded half to even
};

Sides draw_sides(const RectBounds& bounds, int height, int width, RandomStream& stream) {
  const double area = static_cast<double>(height) * width;
  const double log_low = std::log(static_cast<double>(bounds.ratio_low));
  const double log_high = std::log(static_cast<double>(bounds.ratio_high));
  const double target = area * static_cast<double>(stream.uniform(bounds.area_low, bounds.area_high));
  const double ratio = std::exp(log_low + (log_high - log_low) * static_cast<double>(stream.uniform()));
  return {static_cast<int>(std::nearbyint(std::sqrt(target * ratio))),
          static_cast<int>(std::nearbyint(std::sqrt(target / ratio)))};
}

// A rectangle of that size, anywhere in the picture.
CropRect placed(int rect_height, int rect_width, int height, int width, RandomStream& stream) {
  const auto top = static_cast<int>(stream.below(static_cast<uint32_t>(height - rect_height + 1)));
  const auto left = static_cast<int>(stream.below(static_cast<uint32_t>(width - rect_width + 1)));
  return {top, left, rect_height, rect_width};
}

// The largest central crop whose ratio lies within the bounds.
CropRect central_crop(const RectBounds& bounds, int height, int width) {
  const auto full_height = static_cast<float>(height), full_width = static_cast<float>(width);
  const float ratio = full_width / full_height;
  int crop_height = height, crop_width = width;
  if (ratio < bounds.ratio_low) crop_height = static_cast<int>(std::nearbyint(full_width / bounds.ratio_low));
  if (ratio > bounds.ratio_high) crop_width = static_cast<int>(std::nearbyint(full_height * bounds.ratio_high));
  crop_height = std::max(1, crop_height), crop_width = std::max(1, crop_width);
  return {(height - crop_height) / 2, (width - crop_width) / 2, crop_height, crop_width};
}

}  // namespace

CropRect draw_crop(CropSampler sampler, const RectBounds& bounds, int height, int width, RandomStream& stream) {
  if (sampler == CropSampler::whole) return {0, 0, height, width};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Sides sides = draw_sides(bounds, height, width, stream);
    int crop_width = sides.long_with_ratio, crop_height = sides.short_with_ratio;
    if (sampler == CropSampler::mae) {
      crop_width = std::clamp(crop_width, 1, width), crop_height = std::clamp(crop_height, 1, height);
    }
    if (crop_width < 1 || crop_height < 1 || crop_width > width || crop_height > height) continue;
    return placed(crop_height, crop_width, height, width, stream);
  }
  return central_crop(bounds, height, width);
}

CropRect draw_padded_crop(int pad, int height, int width, RandomStream& stream) {
  CropRect out = placed(height, width, height + 2 * pad, width + 2 * pad, stream);
  out.top -= pad, out.left -= pad;
  return out;
}

CropRect draw_erased(const RectBounds& bounds, int height, int width, RandomStream& stream) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Sides sides = draw_sides(bounds, height, width, stream);
    if (sides.long_with_ratio >= height || sides.short_with_ratio >= width) continue;
    return placed(sides.long_with_ratio, sides.short_with_ratio, height, width, stream);
  }
  return {};
}

}  // namespace sslbench
