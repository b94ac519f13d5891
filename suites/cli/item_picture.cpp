// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/item_picture.h"

#include <algorithm>

namespace sslbench {
namespace {

constexpr int kCell = 256;  // px, longest side of a picture

// The item at a size that fits a cell: every `step`-th pixel; boxes scaled alike.
Sample sample_of(const Item& item) {
  const int32_t longest = std::max(item.image.height, item.image.width);
  const double scale = std::max(1.0, static_cast<double>(longest) / kCell);
  Sample out;
  out.height = std::max(1, static_cast<int32_t>(item.image.height / scale));
  out.width = std::max(1, static_cast<int32_t>(item.image.width / scale));
  for (int32_t y = 0; y < out.height; ++y) {
    for (int32_t x = 0; x < out.width; ++x) {
      const auto from =
          static_cast<size_t>(static_cast<int32_t>((y + 0.5) * scale)) * static_cast<size_t>(item.image.width) +
          static_cast<size_t>(static_cast<int32_t>((x + 0.5) * scale));
      out.image.insert(out.image.end(), &item.image.pixels[3 * from], &item.image.pixels[3 * from] + 3);
      if (!item.mask.labels.empty()) out.truth_mask.push_back(item.mask.labels[from]);
    }
  }
  const auto to = [&](float value) { return static_cast<float>(value / scale); };
  for (const Box& box : item.boxes) {
    out.truth_boxes.push_back({to(box.x0), to(box.y0), to(box.x1), to(box.y1), box.label});
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
