// SPDX-License-Identifier: Apache-2.0
// Strips of sample pictures with what a row found drawn in, or with other pictures beside them.
#include <algorithm>

#include "reports/comparison/concurrent.h"
#include "reports/comparison/drawn_parts.h"
#include "reports/draw/chart.h"
#include "reports/draw/picture.h"
#include "reports/page/figures.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

constexpr int kLeastSide = 112;   // smaller pictures are enlarged, pixels
constexpr int kLeastBeside = 64;  // where others stand beside them
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

// How often pixels are repeated so that the longer side has at least that many.
int times_for(const SamplePicture& picture, int least_side) {
  const int side = std::max({1, picture.height, picture.width});
  return (least_side + side - 1) / side;
}

Picture drawn(const Sample& sample, bool truth, int background) {
  const int times = times_for(sample, kLeastSide);
  Picture picture = picture_of(sample, times);
  const std::vector<uint8_t>& mask = truth ? sample.truth_mask : sample.found_mask;
  if (!mask.empty()) blend_mask(picture, sample, mask, times, kMaskShare, background);
  for (const SampleBox& box : truth ? sample.truth_boxes : shown_boxes(sample)) draw_box(picture, box, times);
  return picture;
}

Strip named_strip(const StageRecord& stage, const std::string& row, const Picture& picture) {
  const std::string file = file_name(stage.name) + "-" + (row.empty() ? "truth" : "row-" + file_name(row)) + ".png";
  return {row, {file, stage.name + ": " + (row.empty() ? "truth" : row), png_bytes(picture)}};
}

// A line a sample: its picture, then those beside it, framed where they are of its class.
Picture lines_of(const StageRecord& stage) {
  std::vector<Picture> lines;
  for (size_t i = 0; i < std::min(stage.samples.size(), kShownSamples); ++i) {
    const Sample& sample = stage.samples[i];
    std::vector<Picture> line{picture_of(sample, times_for(sample, kLeastBeside)), Picture{}};  // a wider gap behind it
    for (const SamplePicture& picture : sample.beside) {
      line.push_back(picture_of(picture, times_for(picture, kLeastBeside)));
      if (picture.label >= 0 && picture.label == sample.label) draw_frame(line.back());
    }
    lines.push_back(side_by_side(line, kGap));
  }
  return stacked(lines, kGap);
}

Strip strip_of(const StageRecord& stage, const std::string& row, bool truth) {
  std::vector<Picture> pictures;
  for (size_t i = 0; i < std::min(stage.samples.size(), kShownSamples); ++i) {
    pictures.push_back(drawn(stage.samples[i], truth, background_of(stage)));
  }
  return named_strip(stage, truth ? "" : row, side_by_side(pictures, kGap));
}

Figure legend_of(const StageRecord& stage, bool masks) {
  std::vector<std::string> names = stage.class_names;
  const size_t background = static_cast<size_t>(background_of(stage));
  if (masks && background < names.size()) names.erase(names.begin() + static_cast<int64_t>(background));
  const std::string bytes = names.empty() ? "" : colour_legend_svg(names);
  return {file_name(stage.name) + "-classes.svg", stage.name + ": classes", bytes};
}

struct StageStrip {
  const StageRecord* stage;
  Strip strip;
};

// What a row's first seed found, stage by stage.
std::vector<StageStrip> strips_of(const Comparison& comparison, const Row& row) {
  std::vector<StageStrip> out;
  if (row.records.empty()) return out;
  for (const StageRecord& stage : comparison.records[row.records.front()].stages) {
    if (stage.samples.empty()) continue;
    const bool beside = !stage.samples.front().beside.empty();
    out.push_back({&stage, beside ? named_strip(stage, row.name, lines_of(stage)) : strip_of(stage, row.name, false)});
  }
  return out;
}

// Of all rows. Drawing and packing pictures is half the time of a report of many rows, so threads share them.
std::vector<std::vector<StageStrip>> strips_by_row(const Comparison& comparison) {
  std::vector<std::vector<StageStrip>> out(comparison.rows.size());
  for_each_concurrently(out.size(), [&](size_t r) { out[r] = strips_of(comparison, comparison.rows[r]); });
  return out;
}

// What is said of the stage once, by the first row that has it: what its pictures are, their legend, the truth.
StageStrips first_of(const StageRecord& stage) {
  StageStrips out{stage.name};
  const bool beside = !stage.samples.front().beside.empty();
  out.painted = beside && stage.plugin == "pretrain";
  out.neighbours = beside && !out.painted;
  if (beside) return out;
  for (const Sample& sample : stage.samples) {
    out.boxes = out.boxes || !sample.truth_boxes.empty() || !sample.found_boxes.empty();
    out.masks = out.masks || !sample.truth_mask.empty() || !sample.found_mask.empty();
  }
  out.strips.push_back(strip_of(stage, "", true));
  out.legend = legend_of(stage, out.masks);
  return out;
}

}  // namespace

std::vector<StageStrips> sample_strips(const Comparison& comparison) {
  std::vector<StageStrips> all;
  for (std::vector<StageStrip>& row : strips_by_row(comparison)) {
    for (auto& [stage, strip] : row) {
      auto found =
          std::find_if(all.begin(), all.end(), [name = stage->name](const auto& s) { return s.stage == name; });
      if (found == all.end()) found = all.insert(all.end(), first_of(*stage));
      found->strips.push_back(std::move(strip));
    }
  }
  return all;
}

}  // namespace sslbench
