// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "datasets/data_source.h"
#include "datasets/pictures/image_file.h"
#include "tests/datasets/pictures/jpeg_bytes.h"

namespace sslbench {

// Made-up pictures as JPEG files in memory of several sizes; label = number, one box each.
class JpegSource : public DataSource {
 public:
  explicit JpegSource(int count, int height = 300, int width = 400) {
    for (int i = 0; i < count; ++i) {
      files_.push_back(
          jpeg_bytes(made_up_picture(height - 3 * (i % 10), width + 5 * (i % 10), static_cast<uint32_t>(i))));
    }
  }
  void damage(int64_t i) {
    std::string& file = files_.at(static_cast<size_t>(i));
    file.resize(file.size() / 3);
  }

  int64_t size() const override { return static_cast<int64_t>(files_.size()); }
  Item item(int64_t i) const override {
    ++decoded;
    Item out = item_without_image(i);
    out.image = decode_image(files_.at(static_cast<size_t>(i)), name(i));
    return out;
  }
  StoredImage stored_image(int64_t i) const override { return {files_.at(static_cast<size_t>(i)), true}; }
  std::optional<Item> annotation(int64_t i, int32_t, int32_t) const override { return item_without_image(i); }
  std::string name(int64_t i) const override { return "picture" + std::to_string(i) + ".jpg"; }
  const std::vector<std::string>& classes() const override { return classes_; }

  mutable std::atomic<int> decoded = 0;

 private:
  static Item item_without_image(int64_t i) {
    return {.label = static_cast<int32_t>(i), .boxes = {{10, 20, 60, 90, 0, false}}};
  }
  std::vector<std::string> files_;
  std::vector<std::string> classes_{"thing"};
};

}  // namespace sslbench
