// SPDX-License-Identifier: Apache-2.0
// Small image sets for tests of formats.
#pragma once

#include <string>
#include <vector>

#include "datasets/format.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

// A JPEG or PNG, by its ending, whose pixels depend on `seed`.
inline void write_picture(const ScratchFolder& folder, const std::string& name, int height, int width, int seed) {
  const std::filesystem::path file = folder.path() / name;
  std::filesystem::create_directories(file.parent_path());
  std::vector<uint8_t> pixels;
  for (int i = 0; i < height * width * 3; ++i) pixels.push_back(static_cast<uint8_t>(i * 37 + seed * 101));
  if (name.ends_with(".png")) {
    write_png(file, height, width, PNG_COLOR_TYPE_RGB, 8, pixels);
  } else {
    write_jpeg(file, height, width, JCS_RGB, 3, pixels);
  }
}

// A gray PNG of class numbers.
inline void write_mask(const ScratchFolder& folder, const std::string& name, int height, int width,
                       std::vector<uint8_t> values) {
  const std::filesystem::path file = folder.path() / name;
  std::filesystem::create_directories(file.parent_path());
  write_png(file, height, width, PNG_COLOR_TYPE_GRAY, 8, std::move(values));
}

// Reads a folder as that format does with default options.
inline FolderContent read_format(const std::string& format, const std::filesystem::path& folder,
                                 const nlohmann::json& settings = nlohmann::json::object()) {
  const FormatEntry& entry = Registry<FormatEntry>::find(format);
  return entry.read({folder, Settings("format", entry.options, settings), std::nullopt, {}, {}});
}

// Two items are the same to the last bit.
inline bool same_item(const Item& a, const Item& b) {
  const auto same_box = [](const Box& p, const Box& q) {
    return p.x0 == q.x0 && p.y0 == q.y0 && p.x1 == q.x1 && p.y1 == q.y1 && p.label == q.label &&
           p.difficult == q.difficult;
  };
  return a.image.height == b.image.height && a.image.width == b.image.width && a.image.pixels == b.image.pixels &&
         a.label == b.label && a.mask.labels == b.mask.labels && a.mask.width == b.mask.width &&
         a.boxes.size() == b.boxes.size() && std::equal(a.boxes.begin(), a.boxes.end(), b.boxes.begin(), same_box);
}

}  // namespace sslbench
