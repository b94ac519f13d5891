// SPDX-License-Identifier: Apache-2.0
// sslbench data show: images of a set with their boxes and masks drawn on top.
#include <algorithm>
#include <iostream>

#include "datasets/installed.h"
#include "reports/picture.h"
#include "suites/cli/commands.h"
#include "suites/cli/dataset_settings.h"
#include "suites/spec/atomic_file.h"

namespace sslbench {
namespace {

constexpr int kCell = 256;  // px, longest side of a picture
constexpr int kGap = 6;     // px between pictures
constexpr int kColumns = 6;

Split split_named(const std::string& name) {
  return name == "train" ? Split::train : name == "val" ? Split::val : Split::test;
}

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

Picture draw(const Item& item, bool background) {
  const Sample sample = sample_of(item);
  const int times = std::max(1, kCell / 2 / std::max(sample.height, sample.width));
  Picture picture = picture_of(sample, times);
  constexpr double kShare = 0.5;
  if (!sample.truth_mask.empty()) blend_mask(picture, sample, sample.truth_mask, times, kShare, background ? 0 : 255);
  for (const SampleBox& box : sample.truth_boxes) draw_box(picture, box, times);
  return picture;
}

Picture stacked(const std::vector<Picture>& rows) {
  Picture out;
  for (const Picture& row : rows) out.width = std::max(out.width, row.width), out.height += row.height + kGap;
  out.rgb.assign(3 * static_cast<size_t>(out.height) * static_cast<size_t>(out.width), 255);
  size_t top = 0;
  for (const Picture& row : rows) {
    for (size_t y = 0; y < static_cast<size_t>(row.height); ++y) {
      const size_t bytes = 3 * static_cast<size_t>(row.width);
      std::copy_n(&row.rgb[y * bytes], bytes, &out.rgb[3 * (top + y) * static_cast<size_t>(out.width)]);
    }
    top += static_cast<size_t>(row.height + kGap);
  }
  return out;
}

}  // namespace

ExitCode data_show(const DataOptions& options) {
  const auto root = default_data_root();
  const nlohmann::json settings = dataset_settings(dataset_entry(options.name, root), options.sets);
  const auto source = open_dataset(options.name, settings, split_named(options.split), root);
  const bool background = !source->mask_classes().empty() && source->mask_classes().front() == "background";
  const int64_t shown = std::min<int64_t>(options.images, source->size());
  std::vector<Picture> rows, row;
  for (int64_t k = 0; k < shown; ++k) {
    const int64_t i = k * source->size() / shown;  // spread over the split
    row.push_back(draw(source->item(i), background));
    std::cout << k << ": " << source->name(i) << "\n";
    if (row.size() < kColumns && k + 1 < shown) continue;
    rows.push_back(side_by_side(row, kGap));
    row.clear();
  }
  write_atomically(options.out, png_bytes(stacked(rows)));
  std::cout << shown << " of " << source->size() << " images of " << options.split << " drawn in " << options.out
            << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
