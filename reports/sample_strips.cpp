// SPDX-License-Identifier: Apache-2.0
// Strips of sample pictures with what a row found drawn in.
#include <algorithm>

#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/figures.h"
#include "reports/picture.h"

namespace sslbench {
namespace {

constexpr size_t kMostPictures = 6;
constexpr int kLeastSide = 112;  // smaller pictures are enlarged, pixels
constexpr int kGap = 6;
constexpr double kMaskShare = 0.55;

// As many of the highest-scored boxes as the picture has true ones, lowest score first, so that the best lies on top.
std::vector<SampleBox> shown_boxes(const Sample& sample) {
  std::vector<SampleBox> boxes = sample.found_boxes;
  std::stable_sort(boxes.begin(), boxes.end(),
                   [](const SampleBox& a, const SampleBox& b) { return a.score > b.score; });
  if (boxes.size() > sample.truth_boxes.size()) boxes.resize(sample.truth_boxes.size());
  std::reverse(boxes.begin(), boxes.end());
  return boxes;
}

// The class that is left as the picture shows it, 255 = none.
int background_of(const StageRecord& stage) {
  const auto& names = stage.class_names;
  const auto found = std::find(names.begin(), names.end(), "background");
  return found == names.end() ? 255 : static_cast<int>(found - names.begin());
}

Picture drawn(const Sample& sample, bool truth, int background) {
  const int side = std::max({1, sample.height, sample.width});
  const int times = (kLeastSide + side - 1) / side;
  Picture picture = picture_of(sample, times);
  const std::vector<uint8_t>& mask = truth ? sample.truth_mask : sample.found_mask;
  if (!mask.empty()) blend_mask(picture, sample, mask, times, kMaskShare, background);
  for (const SampleBox& box : truth ? sample.truth_boxes : shown_boxes(sample)) draw_box(picture, box, times);
  return picture;
}

Strip strip_of(const StageRecord& stage, const std::string& row, bool truth) {
  std::vector<Picture> pictures;
  for (size_t i = 0; i < std::min(stage.samples.size(), kMostPictures); ++i) {
    pictures.push_back(drawn(stage.samples[i], truth, background_of(stage)));
  }
  const std::string file = file_name(stage.name) + "-" + (truth ? "truth" : "row-" + file_name(row)) + ".png";
  return {truth ? "" : row,
          {file, stage.name + ": " + (truth ? "truth" : row), png_bytes(side_by_side(pictures, kGap))}};
}

Figure legend_of(const StageRecord& stage, bool masks) {
  std::vector<std::string> names = stage.class_names;
  const size_t background = static_cast<size_t>(background_of(stage));
  if (masks && background < names.size()) names[background] += " (not drawn)";
  const std::string bytes = names.empty() ? "" : colour_legend_svg(names);
  return {file_name(stage.name) + "-classes.svg", stage.name + ": classes", bytes};
}

// Adds the strip of a row, and before the first one the truth.
void add_strips(const StageRecord& stage, const std::string& row, std::vector<StageStrips>& all) {
  auto found = std::find_if(all.begin(), all.end(), [&](const StageStrips& s) { return s.stage == stage.name; });
  if (found == all.end()) {
    all.push_back({stage.name});
    found = all.end() - 1;
    for (const Sample& sample : stage.samples) {
      found->boxes = found->boxes || !sample.truth_boxes.empty() || !sample.found_boxes.empty();
      found->masks = found->masks || !sample.truth_mask.empty() || !sample.found_mask.empty();
    }
    found->strips.push_back(strip_of(stage, row, true));
    found->legend = legend_of(stage, found->masks);
  }
  found->strips.push_back(strip_of(stage, row, false));
}

}  // namespace

std::vector<StageStrips> sample_strips(const Comparison& comparison) {
  std::vector<StageStrips> all;
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) continue;
    for (const StageRecord& stage : comparison.records[row.records.front()].stages) {
      if (!stage.samples.empty()) add_strips(stage, row.name, all);
    }
  }
  return all;
}

}  // namespace sslbench
