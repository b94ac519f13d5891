// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/file_items.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/orientation.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool fits(const FileItem& item, int32_t height, int32_t width) {
  return item.height == 0 || (item.height == height && item.width == width);
}

std::string size_text(int32_t width, int32_t height) { return std::to_string(width) + "x" + std::to_string(height); }

std::vector<std::string> entries_in(const fs::path& folder, bool folders) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || is_litter(name)) continue;
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

// Whether the picture is to be turned as its EXIF orientation says.
bool FileItems::turned(int64_t i, std::string_view bytes) const {
  const int orientation = image_orientation(bytes);
  if (orientation < 5) return orientation == 1 || turns_when_unsure();
  const FileItem& from = at(i);
  PictureSize said{from.height, from.width};
  if (said.height == 0 && !from.mask.empty()) {
    const fs::path mask = folder_ / from.mask;
    said = picture_size(read_image_bytes(mask), mask, false);
  }
  const PictureSize meant = picture_size(bytes, file(i));
  if (meant.height == meant.width || said.height == 0) return turns_when_unsure();
  return said.height != meant.width || said.width != meant.height;
}

Item FileItems::item(int64_t i) const {
  const FileItem& from = at(i);
  const fs::path path = folder_ / from.image;
  const std::string bytes = read_image_bytes(path);
  Item out{.image = decode_image(bytes, path, turned(i, bytes)), .label = from.label, .boxes = from.boxes};
  if (!fits(from, out.image.height, out.image.width)) {
    throw_bad_data(path, "has " + size_text(out.image.width, out.image.height) + " pixels, its annotation says " +
                             size_text(from.width, from.height));
  }
  out.mask = stored_mask(i);
  place_boxes(out.image.height, out.image.width, out.boxes);
  complete(i, out);
  if (!out.mask.labels.empty() && (out.mask.width != out.image.width || out.mask.height != out.image.height)) {
    throw_bad_data(from.mask.empty() ? path : folder_ / from.mask,
                   "mask of " + size_text(out.mask.width, out.mask.height) + " pixels, its image has " +
                       size_text(out.image.width, out.image.height));
  }
  return out;
}

Mask FileItems::stored_mask(int64_t i) const { return at(i).mask.empty() ? Mask{} : read_mask(folder_ / at(i).mask); }

StoredImage FileItems::stored_image(int64_t i) const {
  std::string bytes = read_image_bytes(file(i));
  const bool as_meant = turned(i, bytes);
  return {std::move(bytes), as_meant};
}

std::vector<fs::path> FileItems::files(int64_t i) const {
  std::vector<fs::path> out{file(i)};
  if (!at(i).mask.empty()) out.push_back(folder_ / at(i).mask);
  return out;
}

bool FileItems::serves(int64_t i, std::string_view task) const {
  if (task == "detection") return at(i).for_detection;
  return task != "segmentation" || !at(i).mask.empty();
}

std::optional<Item> FileItems::annotation(int64_t i, int32_t height, int32_t width) const {
  const FileItem& from = at(i);
  if (!fits(from, height, width)) return {};
  Item out{.label = from.label, .boxes = from.boxes};
  place_boxes(height, width, out.boxes);
  return out;
}

bool is_picture_name(const fs::path& file) {
  static const std::set<std::string> kEndings{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp",
                                              ".tif", ".tiff", ".gif", ".bmp",  ".dib"};
  return !file.filename().string().starts_with('.') && kEndings.contains(lower_case(file.extension().string()));
}

std::vector<std::string> pictures_below(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.') || is_litter(name)) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (at->is_regular_file() && is_picture_name(at->path())) {
      out.push_back(at->path().lexically_relative(folder).generic_string());
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

bool split_of_folder(const std::string& name, Split& split) {
  const size_t last = name.find_last_not_of("0123456789");
  return last != std::string::npos && split_of_word(name.substr(0, last + 1), split);
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
