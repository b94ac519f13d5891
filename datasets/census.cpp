// SPDX-License-Identifier: Apache-2.0
#include "datasets/census.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "datasets/readers/data_file.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {

// What one split holds; adding two gives the same whatever the order.
struct SplitCensus {
  int64_t images = 0, unlabelled = 0, boxes = 0, crowds = 0, without_boxes = 0, masks = 0;
  std::vector<int64_t> labels, box_labels;
  int64_t mask_pixels = 0, ignored_pixels = 0;
  std::vector<int32_t> widths, heights;
  std::array<uint64_t, 3> sum{}, squares{};
  uint64_t pixels = 0;
  std::vector<std::pair<std::string, std::string>> pictures;  // SHA-256 of the decoded pixels, name
  FaultCounts faults;
  std::map<std::string, std::string> broken;  // file -> why

  void add(const Item& item, const std::string& name);
  void add(const SplitCensus& other);
};

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

void SplitCensus::add(const Item& item, const std::string& name) {
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
  ignored_pixels += std::count(item.mask.labels.begin(), item.mask.labels.end(), Mask::kIgnore);
  widths.push_back(item.image.width);
  heights.push_back(item.image.height);
  if (item.image.width == 1 && item.image.height == 1) faults.add("1-pixel images", name);
  const std::vector<uint8_t>& values = item.image.pixels;
  for (size_t i = 0; i + 2 < values.size(); i += 3) {
    for (size_t c = 0; c < 3; ++c) {
      sum[c] += values[i + c];
      squares[c] += static_cast<uint64_t>(values[i + c]) * values[i + c];
    }
  }
  pixels += values.size() / 3;
  Sha256 hash;
  hash.update(std::to_string(item.image.width) + "x" + std::to_string(item.image.height) + " ");
  hash.update(values.data(), values.size());
  pictures.emplace_back(hash.hex(), name);
}

void SplitCensus::add(const SplitCensus& other) {
  images += other.images, unlabelled += other.unlabelled, boxes += other.boxes, crowds += other.crowds;
  without_boxes += other.without_boxes, masks += other.masks;
  add_at(labels, other.labels);
  add_at(box_labels, other.box_labels);
  mask_pixels += other.mask_pixels, ignored_pixels += other.ignored_pixels;
  append(widths, other.widths);
  append(heights, other.heights);
  for (size_t c = 0; c < 3; ++c) sum[c] += other.sum[c], squares[c] += other.squares[c];
  pixels += other.pixels;
  append(pictures, other.pictures);
  faults.add(other.faults);
  broken.insert(other.broken.begin(), other.broken.end());
}

// Reads the examples that `next` hands out; a broken image file is noted, everything else ends the census.
void read_examples(const DataSource& source, std::atomic<int64_t>& next, SplitCensus& into) {
  for (int64_t i = next++; i < source.size(); i = next++) {
    try {
      into.add(source.item(i), source.name(i));
    } catch (const RunFailure& failure) {
      const std::filesystem::path file = source.file(i);
      if (failure.kind() != FailureKind::data || file.empty()) throw;
      into.broken.emplace(file.string(), failure.what());
    }
  }
}

SplitCensus census_of(const DataSource& source) {
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  std::vector<SplitCensus> parts(threads);
  std::vector<std::exception_ptr> failures(threads);
  std::atomic<int64_t> next{0};
  {
    std::vector<std::jthread> readers;
    for (unsigned t = 0; t < threads; ++t) {
      readers.emplace_back([&, t] {
        try {
          read_examples(source, next, parts[t]);
        } catch (...) {
          failures[t] = std::current_exception();
          next = source.size();
        }
      });
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  SplitCensus all;
  for (const SplitCensus& part : parts) all.add(part);
  return all;
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

std::string describe(Split which, const SplitCensus& split, const FolderContent& content) {
  std::string line = std::string(split_name(which)) + ": " + std::to_string(split.images) + " images";
  if (split.images == 0) return line;
  line += ", " + size_text(split);
  if (split.unlabelled < split.images) line += "; labels: " + class_text(split.labels, content.classes);
  if (split.unlabelled > 0 && split.unlabelled < split.images) {
    line += ", " + std::to_string(split.unlabelled) + " without label";
  }
  if (split.boxes > 0) {
    line += "; " + std::to_string(split.boxes) + " boxes: " + class_text(split.box_labels, content.classes);
    if (split.crowds > 0) line += ", " + std::to_string(split.crowds) + " of them crowds or difficult";
    if (split.without_boxes > 0) line += ", " + std::to_string(split.without_boxes) + " images without a box";
  }
  if (split.masks > 0) {
    char share[32];
    std::snprintf(share, sizeof share, "%.2f",
                  100.0 * static_cast<double>(split.ignored_pixels) / static_cast<double>(split.mask_pixels));
    line += "; " + std::to_string(split.masks) + " masks, " + share + " % of their pixels without class";
  }
  return line;
}

std::string names_text(const std::vector<std::string>& names) {
  std::string out = std::to_string(names.size()) + " classes: ";
  const size_t shown = std::min<size_t>(names.size(), 20);
  for (size_t k = 0; k < shown; ++k) out += (k > 0 ? ", " : "") + names[k];
  return out + (shown < names.size() ? ", ..." : "");
}

// The same picture twice: within a split it is a fault, from train to another split it makes test numbers worthless.
int64_t find_copies(const std::map<Split, SplitCensus>& splits, FaultCounts& faults) {
  std::unordered_map<std::string, std::pair<Split, std::string>> first;
  int64_t across = 0;
  for (const auto& [which, split] : splits) {  // train comes first
    auto pictures = split.pictures;
    std::sort(pictures.begin(), pictures.end());
    for (const auto& [hash, name] : pictures) {
      const auto [at, fresh] = first.emplace(hash, std::pair(which, name));
      if (fresh) continue;
      const Split earlier = at->second.first;
      across += earlier == Split::train && which != Split::train;
      faults.add(earlier == which ? "copies of another picture of the split"
                                  : "pictures of " + std::string(split_name(which)) + " that are in " +
                                        std::string(split_name(earlier)) + ", too",
                 name + " = " + at->second.second);
    }
  }
  return across;
}

void set_moments(const SplitCensus& train, Census& out) {
  for (size_t c = 0; c < 3 && train.pixels > 0; ++c) {
    const double mean = static_cast<double>(train.sum[c]) / (255.0 * static_cast<double>(train.pixels));
    const double square = static_cast<double>(train.squares[c]) / (255.0 * 255 * static_cast<double>(train.pixels));
    out.mean[c] = static_cast<float>(mean);
    out.deviation[c] = static_cast<float>(std::sqrt(std::max(square - mean * mean, 1e-6)));
  }
}

void compare(const std::map<Split, SplitCensus>& splits, const std::map<Split, int64_t>& expected) {
  for (const auto& [which, split] : splits) {
    if (!split.broken.empty()) throw RunFailure(FailureKind::data, split.broken.begin()->second);
  }
  for (const auto& [which, count] : expected) {
    const auto found = splits.find(which);
    const int64_t have = found == splits.end() ? 0 : found->second.images;
    if (have != count) {
      throw RunFailure(FailureKind::data, std::string(split_name(which)) + " holds " + std::to_string(have) +
                                              " images, the official set " + std::to_string(count));
    }
  }
}

}  // namespace

Census take_census(const FolderContent& content, const std::map<Split, int64_t>& expected) {
  std::map<Split, SplitCensus> splits;
  for (const auto& [which, source] : content.sources) splits[which] = census_of(*source);
  if (!expected.empty()) compare(splits, expected);
  Census out;
  FaultCounts faults = content.faults, unreadable;
  out.copies = find_copies(splits, faults);
  if (!content.classes.empty()) out.inspection.findings.push_back(names_text(content.classes));
  if (!content.mask_classes.empty()) out.inspection.findings.push_back("masks: " + names_text(content.mask_classes));
  for (const auto& [which, split] : splits) {
    out.images[which] = split.images;
    out.inspection.findings.push_back(describe(which, split, content));
    faults.add(split.faults);
    for (const auto& [file, why] : split.broken) {
      out.broken.emplace_back(file);
      unreadable.add("image files that cannot be used and are not taken", why);
    }
    for (const int32_t side : split.widths) out.longest_side = std::max(out.longest_side, side);
    for (const int32_t side : split.heights) out.longest_side = std::max(out.longest_side, side);
    if (which == Split::train) set_moments(split, out);
  }
  out.not_taken = unreadable.lines();
  faults.add(unreadable);
  out.inspection.faults = faults.lines();
  return out;
}

}  // namespace sslbench
