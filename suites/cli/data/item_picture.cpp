// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data/item_picture.h"

#include <algorithm>

namespace sslbench {
namespace {

constexpr int kCell = 256;  // px, longest side of a picture

// Where the pixel at `to` of a side of `shown` pixels comes from; a side of one keeps the middle.
int32_t source_of(int32_t to, int32_t shown, int32_t side) {
  return std::min(side - 1, static_cast<int32_t>((to + 0.5) * side / shown));
}

// The item at a size that fits a cell, each side by its own factor: a thin picture is one pixel thin, not none.
Sample sample_of(const Item& item) {
  const int32_t longest = std::max(item.image.height, item.image.width);
  const double scale = std::max(1.0, static_cast<double>(longest) / kCell);
  Sample out;
  out.height = std::max(1, static_cast<int32_t>(item.image.height / scale));
  out.width = std::max(1, static_cast<int32_t>(item.image.width / scale));
  for (int32_t y = 0; y < out.height; ++y) {
    for (int32_t x = 0; x < out.width; ++x) {
      const auto from =
          static_cast<size_t>(source_of(y, out.height, item.image.height)) * static_cast<size_t>(item.image.width) +
          static_cast<size_t>(source_of(x, out.width, item.image.width));
      out.image.insert(out.image.end(), &item.image.pixels[3 * from], &item.image.pixels[3 * from] + 3);
      if (!item.mask.labels.empty()) out.truth_mask.push_back(item.mask.labels[from]);
    }
  }
  const double across = static_cast<double>(out.width) / item.image.width;
  const double down = static_cast<double>(out.height) / item.image.height;
  for (const Box& box : item.boxes) {
    out.truth_boxes.push_back({static_cast<float>(box.x0 * across), static_cast<float>(box.y0 * down),
                               static_cast<float>(box.x1 * across), static_cast<float>(box.y1 * down), box.label});
  }
  return out;
}

}  // namespace

Picture item_picture(const Item& item, bool background) {
  const Sample sample = sample_of(item);
  const int times = std::max(1, kCell / 2 / std::max(sample.height, sample.width));
  Picture picture = picture_of(sample, times);
  constexpr double kShare = 0.5;
  if (!sample.truth_mask.empty()) blend_mask(picture, sample, sample.truth_mask, times, kShare, background ? 0 : 255);
  for (const SampleBox& box : sample.truth_boxes) draw_box(picture, box, times);
  return picture;
}

}  // namespace sslbench
