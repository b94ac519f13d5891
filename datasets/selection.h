// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "datasets/data_source.h"

namespace sslbench {

// Some examples of a source, in the given order.
class Selection : public DataSource {
 public:
  Selection(std::shared_ptr<const DataSource> from, std::vector<int64_t> indices)
      : from_(std::move(from)), indices_(std::move(indices)) {}
  int64_t size() const override { return static_cast<int64_t>(indices_.size()); }
  Item item(int64_t i) const override { return from_->item(at(i)); }
  int32_t label(int64_t i) const override { return from_->label(at(i)); }
  const std::vector<std::string>& classes() const override { return from_->classes(); }
  const std::vector<std::string>& mask_classes() const override { return from_->mask_classes(); }
  std::string name(int64_t i) const override { return from_->name(at(i)); }
  StoredImage stored_image(int64_t i) const override { return from_->stored_image(at(i)); }
  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const override {
    return from_->annotation(at(i), height, width);
  }
  std::filesystem::path file(int64_t i) const override { return from_->file(at(i)); }
  std::vector<std::filesystem::path> files(int64_t i) const override { return from_->files(at(i)); }
  bool serves(int64_t i, std::string_view task) const override { return from_->serves(at(i), task); }

 private:
  int64_t at(int64_t i) const { return indices_.at(static_cast<size_t>(i)); }
  std::shared_ptr<const DataSource> from_;
  std::vector<int64_t> indices_;
};

}  // namespace sslbench
