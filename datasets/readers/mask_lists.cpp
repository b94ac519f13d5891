// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/mask_lists.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/subset.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

struct MaskPair {
  fs::path image, mask;
};

std::vector<MaskPair> read_pairs(const fs::path& folder, Split split) {
  const fs::path file = folder / (std::string(split_name(split)) + ".txt");
  std::vector<MaskPair> pairs;
  for (const std::string& line : read_data_lines(file)) {
    const size_t gap = line.find_first_of(" \t");
    const size_t second = line.find_first_not_of(" \t", gap);
    if (gap == std::string::npos || line.find_first_of(" \t", second) != std::string::npos) {
      throw_bad_data(file, "expected `image mask` on a line, got '" + line + "'");
    }
    pairs.push_back({path_under(folder, line.substr(0, gap), file), path_under(folder, line.substr(second), file)});
  }
  if (pairs.empty()) throw_bad_data(file, "names no image");
  return pairs;
}

class MaskSource : public DataSource {
 public:
  MaskSource(const MaskFolder& folder, std::vector<MaskPair> pairs) : folder_(folder), pairs_(std::move(pairs)) {}

  int64_t size() const override { return static_cast<int64_t>(pairs_.size()); }

  Item item(int64_t i) const override {
    const MaskPair& pair = pairs_.at(static_cast<size_t>(i));
    Item item{.image = read_image(pair.image), .mask = read_mask(pair.mask)};
    if (item.image.width != item.mask.width || item.image.height != item.mask.height) {
      throw_bad_data(pair.mask, "has " + std::to_string(item.mask.width) + "x" + std::to_string(item.mask.height) +
                                    " pixels, its image " + std::to_string(item.image.width) + "x" +
                                    std::to_string(item.image.height));
    }
    for (uint8_t& label : item.mask.labels) label = class_of(label, pair.mask);
    return item;
  }

  std::optional<Item> annotation(int64_t, int32_t, int32_t) const override { return Item{}; }

  const std::vector<std::string>& classes() const override { return *folder_.classes; }
  std::string name(int64_t i) const override {
    return pairs_.at(static_cast<size_t>(i)).image.lexically_relative(folder_.folder).generic_string();
  }
  StoredImage stored_image(int64_t i) const override {
    return {read_image_bytes(pairs_.at(static_cast<size_t>(i)).image), true};
  }

 private:
  uint8_t class_of(uint8_t value, const fs::path& file) const {
    if (value < folder_.classes->size()) return value;
    if (value == folder_.void_value || value == Mask::kIgnore) return Mask::kIgnore;
    throw_bad_data(file, "holds the value " + std::to_string(value) + "; classes are 0 to " +
                             std::to_string(folder_.classes->size() - 1));
  }

  MaskFolder folder_;
  std::vector<MaskPair> pairs_;
};

// Reads every pair of one list; returns the line that says what it holds.
std::string inspect_list(const MaskFolder& folder, Split split) {
  const auto source = open_mask_lists(folder, split, 0);
  int64_t pixels = 0, ignored = 0;
  for (int64_t i = 0; i < source->size(); ++i) {
    const Item item = source->item(i);
    pixels += static_cast<int64_t>(item.mask.labels.size());
    ignored += std::count(item.mask.labels.begin(), item.mask.labels.end(), Mask::kIgnore);
  }
  char share[32];
  std::snprintf(share, sizeof share, "%.2f", 100.0 * static_cast<double>(ignored) / static_cast<double>(pixels));
  return std::string(split_name(split)) + ": " + std::to_string(source->size()) + " images with masks, " + share +
         " % of the pixels without class";
}

}  // namespace

std::unique_ptr<DataSource> open_mask_lists(const MaskFolder& folder, Split split, int64_t limit) {
  const std::vector<MaskPair> pairs = read_pairs(folder.folder, split);
  std::vector<MaskPair> chosen;
  for (const int64_t i : fixed_subset(static_cast<int64_t>(pairs.size()), limit)) {
    chosen.push_back(pairs[static_cast<size_t>(i)]);
  }
  return std::make_unique<MaskSource>(folder, std::move(chosen));
}

Inspection inspect_mask_lists(const MaskFolder& folder) {
  Inspection out;
  std::map<fs::path, std::string> seen;  // image -> the first list that names it
  for (const Split split : {Split::train, Split::val, Split::test}) {
    out.findings.push_back(inspect_list(folder, split));
    const std::string list(split_name(split));
    for (const MaskPair& pair : read_pairs(folder.folder, split)) {
      const auto [first, fresh] = seen.emplace(pair.image, list);
      if (!fresh) {
        out.faults.push_back("image " + pair.image.filename().string() + " is in " + first->second + " and in " + list);
      }
    }
  }
  return out;
}

}  // namespace sslbench
