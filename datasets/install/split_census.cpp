// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/split_census.h"

#include <algorithm>
#include <cstdio>

#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

template <class T>
void add_at(std::vector<T>& to, const std::vector<T>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void count_label(std::vector<int64_t>& counts, int32_t label) {
  const auto at = static_cast<size_t>(label);
  if (counts.size() <= at) counts.resize(at + 1);
  ++counts[at];
}

int32_t median(std::vector<int32_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string size_text(const SplitCensus& split) {
  const auto [narrow, wide] = std::minmax_element(split.widths.begin(), split.widths.end());
  const auto [low, high] = std::minmax_element(split.heights.begin(), split.heights.end());
  const auto pair = [](int32_t width, int32_t height) { return std::to_string(width) + "x" + std::to_string(height); };
  if (*narrow == *wide && *low == *high) return "all " + pair(*wide, *high) + " px";
  return "width " + std::to_string(*narrow) + " / " + std::to_string(median(split.widths)) + " / " +
         std::to_string(*wide) + ", height " + std::to_string(*low) + " / " + std::to_string(median(split.heights)) +
         " / " + std::to_string(*high) + " px (least / median / most)";
}

// "5000 a class", or the fewest and the most; a few classes by name.
std::string class_text(const std::vector<int64_t>& counts, const std::vector<std::string>& classes) {
  std::vector<int64_t> all(counts);
  all.resize(std::max(all.size(), classes.size()));
  const auto [fewest, most] = std::minmax_element(all.begin(), all.end());
  if (*fewest == *most) return std::to_string(*fewest) + " a class";
  if (classes.size() > 12) return std::to_string(*fewest) + " to " + std::to_string(*most) + " a class";
  std::string out;
  for (size_t k = 0; k < classes.size(); ++k) {
    out += (k > 0 ? ", " : "") + classes[k] + " " + std::to_string(all[k]);
  }
  return out;
}

}  // namespace

void Moments::add(const Image& image) {
  const std::vector<uint8_t>& values = image.pixels;
  for (size_t i = 0; i + 2 < values.size(); i += 3) {
    for (size_t c = 0; c < 3; ++c) {
      sum[c] += values[i + c];
      squares[c] += static_cast<uint64_t>(values[i + c]) * values[i + c];
    }
  }
  pixels += values.size() / 3;
}

void Moments::add(const Moments& other) {
  for (size_t c = 0; c < 3; ++c) sum[c] += other.sum[c], squares[c] += other.squares[c];
  pixels += other.pixels;
}

void SplitCensus::add(const Item& item, const std::string& name, bool is_trained) {
  ++images;
  item.label >= 0 ? count_label(labels, item.label) : void(++unlabelled);
  for (const Box& box : item.boxes) {
    ++boxes;
    crowds += box.difficult;
    count_label(box_labels, box.label);
  }
  without_boxes += item.boxes.empty();
  masks += !item.mask.labels.empty();
  mask_pixels += static_cast<int64_t>(item.mask.labels.size());
  for (const uint8_t value : item.mask.labels) ++mask_values[value];
  ignored_pixels = mask_values[Mask::kIgnore];
  widths.push_back(item.image.width);
  heights.push_back(item.image.height);
  if (item.image.width == 1 && item.image.height == 1) faults.add("1-pixel images", name);
  Moments own;
  own.add(item.image);
  all.add(own);
  is_trained ? trained.add(own) : void(++held_out);
  const std::vector<uint8_t>& values = item.image.pixels;
  Sha256 hash;
  hash.update(std::to_string(item.image.width) + "x" + std::to_string(item.image.height) + " ");
  hash.update(values.data(), values.size());
  pictures.push_back({hash.hex(), name, item.label});
}

void SplitCensus::add(const SplitCensus& other) {
  images += other.images, unlabelled += other.unlabelled, boxes += other.boxes, crowds += other.crowds;
  without_boxes += other.without_boxes, masks += other.masks;
  add_at(labels, other.labels);
  add_at(box_labels, other.box_labels);
  mask_pixels += other.mask_pixels, ignored_pixels += other.ignored_pixels;
  for (size_t value = 0; value < mask_values.size(); ++value) mask_values[value] += other.mask_values[value];
  append(widths, other.widths);
  append(heights, other.heights);
  all.add(other.all);
  trained.add(other.trained);
  append(pictures, other.pictures);
  held_out += other.held_out;
  faults.add(other.faults);
  broken.insert(other.broken.begin(), other.broken.end());
}

std::string SplitCensus::describe(Split which, const std::vector<std::string>& classes) const {
  std::string line = std::string(split_name(which)) + ": " + std::to_string(images) + " images";
  if (images == 0) return line;
  line += ", " + size_text(*this);
  if (unlabelled < images) line += "; labels: " + class_text(labels, classes);
  if (unlabelled > 0 && unlabelled < images) {
    line += ", " + std::to_string(unlabelled) + " without label";
  }
  if (boxes > 0) {
    line += "; " + std::to_string(boxes) + " boxes: " + class_text(box_labels, classes);
    if (crowds > 0) line += ", " + std::to_string(crowds) + " of them crowds or difficult";
    if (without_boxes > 0) line += ", " + std::to_string(without_boxes) + " images without a box";
  }
  if (masks > 0) {
    char share[32];
    std::snprintf(share, sizeof share, "%.2f",
                  100.0 * static_cast<double>(ignored_pixels) / static_cast<double>(mask_pixels));
    line += "; " + std::to_string(masks) + " masks, " + share + " % of their pixels without class";
  }
  return line;
}

}  // namespace sslbench
