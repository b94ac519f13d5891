// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/file_items.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "datasets/readers/data_file.h"
#include "datasets/readers/image_file.h"
#include "datasets/readers/orientation.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool fits(const FileItem& item, int32_t height, int32_t width) {
  return item.height == 0 || (item.height == height && item.width == width);
}

std::string size_text(int32_t width, int32_t height) { return std::to_string(width) + "x" + std::to_string(height); }

struct DecodedImage {
  Image image;
  bool turned = true;
};

DecodedImage decode(const FileItem& item, std::string_view bytes, const fs::path& file) {
  DecodedImage out{decode_image(bytes, file), true};
  if (fits(item, out.image.height, out.image.width)) return out;
  const int orientation = image_orientation(bytes);
  if (orientation >= 5 && fits(item, out.image.width, out.image.height)) {
    return {decode_image(bytes, file, false), false};
  }
  throw_bad_data(file, "has " + size_text(out.image.width, out.image.height) + " pixels, its annotation says " +
                           size_text(item.width, item.height));
}

std::vector<std::string> entries_in(const fs::path& folder, bool folders) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") || name == "__MACOSX") continue;
    if (folders ? entry.is_directory() : entry.is_regular_file()) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Item FileItems::item(int64_t i) const {
  const FileItem& from = at(i);
  const fs::path path = folder_ / from.image;
  Item out{.image = decode(from, read_image_bytes(path), path).image, .label = from.label, .boxes = from.boxes};
  if (!from.mask.empty()) out.mask = read_mask(folder_ / from.mask);
  place_boxes(out.image.height, out.image.width, out.boxes);
  complete(i, out);
  if (!out.mask.labels.empty() && (out.mask.width != out.image.width || out.mask.height != out.image.height)) {
    throw_bad_data(from.mask.empty() ? path : folder_ / from.mask,
                   "mask of " + size_text(out.mask.width, out.mask.height) + " pixels, its image has " +
                       size_text(out.image.width, out.image.height));
  }
  return out;
}

StoredImage FileItems::stored_image(int64_t i) const {
  const fs::path path = folder_ / at(i).image;
  std::string bytes = read_image_bytes(path);
  const bool turned = at(i).height == 0 || image_orientation(bytes) < 5 || decode(at(i), bytes, path).turned;
  return {std::move(bytes), turned};
}

std::optional<Item> FileItems::annotation(int64_t i, int32_t height, int32_t width) const {
  const FileItem& from = at(i);
  if (!fits(from, height, width)) return {};
  Item out{.label = from.label, .boxes = from.boxes};
  place_boxes(height, width, out.boxes);
  return out;
}

bool is_picture_name(const fs::path& file) {
  const std::string name = file.filename().string(), ending = lower_case(file.extension().string());
  return !name.starts_with(".") && (ending == ".jpg" || ending == ".jpeg" || ending == ".png");
}

std::vector<std::string> pictures_below(const fs::path& folder, FaultCounts& faults) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(".") || name == "__MACOSX") {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file()) continue;
    const std::string relative = at->path().lexically_relative(folder).generic_string();
    const std::string ending = lower_case(at->path().extension().string());
    if (is_picture_name(at->path())) {
      out.push_back(relative);
    } else if (ending != ".txt" && ending != ".md" && ending != ".csv" && ending != ".json") {
      faults.add("files that are no JPEG or PNG by name and are left out", relative);
    }
  }
  if (error) throw_bad_data(folder, "cannot be read: " + error.message());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> folders_in(const fs::path& folder) { return entries_in(folder, true); }
std::vector<std::string> files_in(const fs::path& folder) { return entries_in(folder, false); }

bool split_of_word(const std::string& word, Split& split) {
  const std::string name = lower_case(word);
  const bool train = name == "train" || name == "training";
  const bool val = name == "val" || name == "valid" || name == "validation" || name == "dev";
  const bool test = name == "test" || name == "testing";
  if (train || val || test) split = train ? Split::train : val ? Split::val : Split::test;
  return train || val || test;
}

bool keep_box(Box& box, float width, float height, const std::string& where, FaultCounts& faults) {
  const bool finite = std::isfinite(box.x0) && std::isfinite(box.y0) && std::isfinite(box.x1) && std::isfinite(box.y1);
  if (!finite || std::max({std::abs(box.x0), std::abs(box.y0), std::abs(box.x1), std::abs(box.y1)}) > 1e7f) {
    faults.add("boxes whose corners are no usable numbers, left out", where);
    return false;
  }
  if (box.x1 <= box.x0 || box.y1 <= box.y0) {
    faults.add("zero-area or inverted boxes, left out", where);
    return false;
  }
  const Box whole = box;
  box.x0 = std::max(box.x0, 0.f), box.y0 = std::max(box.y0, 0.f);
  box.x1 = std::min(box.x1, width), box.y1 = std::min(box.y1, height);
  if (box.x1 <= box.x0 || box.y1 <= box.y0) {
    faults.add("boxes outside their image, left out", where);
    return false;
  }
  constexpr float kRounding = 1;  // annotators count pixels from 0 or from 1
  if (whole.x0 < -kRounding || whole.y0 < -kRounding || whole.x1 > width + kRounding || whole.y1 > height + kRounding) {
    faults.add("boxes cut to their image", where);
  }
  return true;
}

}  // namespace sslbench
