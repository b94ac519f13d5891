// SPDX-License-Identifier: Apache-2.0
// The images of one split as training and evaluation ask for them: kept in memory when they fit a budget, else decoded
// whenever they are asked for. What comes out is the same.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// How files are decoded for views: `exact` gives the pixels of a whole decoded picture; `scaled` lets libjpeg-turbo
// make 1/2, 1/4 or 1/8 of them where the crops are at least that much larger than their views.
enum class DecodeMode : uint8_t { exact, scaled };
// What a picture that cannot be decoded does: ends the run, or is replaced by the next readable one and counted.
enum class OnCorrupt : uint8_t { fail, skip };

struct ImageSetPolicy {
  int64_t budget = INT64_MAX;  // bytes of pixels and masks that may stay in memory
  DecodeMode decode = DecodeMode::exact;
  OnCorrupt on_corrupt = OnCorrupt::fail;
  std::map<int64_t, std::string> known_corrupt = {};  // examples with reasons; counted as if found now
  // Called once for every example found corrupt, from any thread but one at a time.
  std::function<void(int64_t example, const std::string& reason)> on_skip;
};

// item(), stored_image() and annotation() may be called from several threads at once.
class ImageSet {
 public:
  // Reads every example when they fit the budget; a set of which a few examples say that it does not is not read.
  // DecodeMode::scaled keeps nothing in memory, so that results do not depend on the budget.
  explicit ImageSet(std::unique_ptr<DataSource> source, ImageSetPolicy policy = {});

  int64_t size() const { return size_; }
  bool resident() const { return !items_.empty(); }
  int64_t resident_bytes() const { return resident_bytes_; }
  const ImageSetPolicy& policy() const { return policy_; }
  std::string name(int64_t i) const { return source_->name(i); }
  // The class of example i (-1: none), without decoding it where the source can tell.
  int32_t label(int64_t i) const { return resident() ? items_[static_cast<size_t>(i)].label : source_->label(i); }
  bool serves(int64_t i, std::string_view task) const { return source_->serves(i, task); }
  const std::vector<std::string>& classes() const { return source_->classes(); }
  const std::vector<std::string>& mask_classes() const { return source_->mask_classes(); }

  // Example i. RunFailure(data) naming the file when it is corrupt and the policy says fail; under skip the next
  // readable one (after the last comes the first) takes its place, and RunFailure(data) comes when more than one in a
  // thousand examples (and more than one) are corrupt.
  std::shared_ptr<const Item> item(int64_t i) const;
  // The file of example i, so that a part of it can be decoded; no bytes when it is in memory, when the set stores
  // plain pixels, or when decoding must look at all of it (exact decoding under skip, so that the same examples are
  // replaced whether they are in memory or not). `place` is for messages.
  StoredImage stored_image(int64_t i) const;
  std::filesystem::path place(int64_t i) const;
  // DataSource::annotation
  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const {
    return source_->annotation(i, height, width);
  }
  // Tells the set that an example is corrupt; false under the policy fail.
  bool skip(int64_t i, const std::string& reason) const;

  // Longest side of all images, px: reads every example that is not in memory.
  int32_t longest_side() const;
  // Examples found corrupt so far, with reasons.
  std::map<int64_t, std::string> skipped() const;

 private:
  bool seems_to_fit() const;
  bool load();
  Item read(int64_t i) const;
  bool known_corrupt(int64_t i) const;

  std::unique_ptr<DataSource> source_;
  ImageSetPolicy policy_;
  int64_t size_ = 0, resident_bytes_ = 0;
  std::vector<Item> items_;
  mutable std::mutex mutex_;
  mutable std::map<int64_t, std::string> skipped_;
  mutable std::atomic<int32_t> longest_side_ = 0;
};

}  // namespace sslbench
