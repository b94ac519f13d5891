// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/image_set.h"

#include <algorithm>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr int64_t kProbes = 32;           // examples that tell how large the others are
constexpr int64_t kExamplesASkip = 1000;  // one corrupt example in so many is survived

int64_t bytes_of(const Item& item) {
  return static_cast<int64_t>(item.image.pixels.size() + item.mask.labels.size() + item.boxes.size() * sizeof(Box) +
                              sizeof(Item));
}

}  // namespace

ImageSet::ImageSet(std::unique_ptr<DataSource> source, ImageSetPolicy policy)
    : source_(std::move(source)), policy_(std::move(policy)), size_(source_->size()), skipped_(policy_.known_corrupt) {
  if (policy_.decode == DecodeMode::scaled || !seems_to_fit() || !load()) items_ = {}, resident_bytes_ = 0;
}

// Corrupt examples say nothing here: whoever asks for them learns of it.
bool ImageSet::seems_to_fit() const {
  if (policy_.budget == INT64_MAX) return true;
  const int64_t probes = std::min(kProbes, size_);
  int64_t bytes = 0, read = 0;
  for (int64_t k = 0; k < probes; ++k) {
    try {
      bytes += bytes_of(source_->item(k * size_ / probes));
      ++read;
    } catch (const RunFailure&) {
    }
  }
  return read == 0 || static_cast<double>(bytes) / static_cast<double>(read) * static_cast<double>(size_) <=
                          1.25 * static_cast<double>(policy_.budget);
}

bool ImageSet::load() {
  items_.reserve(static_cast<size_t>(size_));
  for (int64_t i = 0; i < size_; ++i) {
    items_.push_back(read(i));
    resident_bytes_ += bytes_of(items_.back());
    if (resident_bytes_ > policy_.budget) return false;
  }
  return true;
}

Item ImageSet::read(int64_t i) const {
  for (int64_t k = 0; k < size_; ++k) {
    const int64_t example = (i + k) % size_;
    if (known_corrupt(example)) continue;
    try {
      return source_->item(example);
    } catch (const RunFailure& failure) {
      if (failure.kind() != FailureKind::data || !skip(example, failure.what())) throw;
    }
  }
  throw RunFailure(FailureKind::data, "none of the " + std::to_string(size_) + " images can be read");
}

bool ImageSet::known_corrupt(int64_t i) const {
  if (policy_.on_corrupt == OnCorrupt::fail) return false;
  const std::lock_guard lock(mutex_);
  return skipped_.contains(i);
}

bool ImageSet::skip(int64_t i, const std::string& reason) const {
  if (policy_.on_corrupt == OnCorrupt::fail) return false;
  const std::lock_guard lock(mutex_);
  if (!skipped_.emplace(i, reason).second) return true;
  if (policy_.on_skip) policy_.on_skip(i, reason);
  const auto count = static_cast<int64_t>(skipped_.size());
  if (count > std::max<int64_t>(1, size_ / kExamplesASkip)) {
    throw RunFailure(FailureKind::data, std::to_string(count) + " of " + std::to_string(size_) +
                                            " images are corrupt, more than on_corrupt = \"skip\" survives (one in " +
                                            std::to_string(kExamplesASkip) + "); the last: " + reason);
  }
  return true;
}

std::shared_ptr<const Item> ImageSet::item(int64_t i) const {
  require(i >= 0 && i < size_, "an image outside its set was asked for");
  // Nothing is owned where the set itself holds the example.
  if (resident()) return {std::shared_ptr<const Item>(), &items_[static_cast<size_t>(i)]};
  return std::make_shared<const Item>(read(i));
}

StoredImage ImageSet::stored_image(int64_t i) const {
  const bool looks_at_all = policy_.on_corrupt == OnCorrupt::skip && policy_.decode == DecodeMode::exact;
  if (resident() || looks_at_all || known_corrupt(i)) return {};
  return source_->stored_image(i);
}

std::filesystem::path ImageSet::place(int64_t i) const {
  const std::filesystem::path file = source_->file(i);
  return file.empty() ? std::filesystem::path(source_->name(i)) : file;
}

int32_t ImageSet::longest_side() const {
  if (longest_side_ > 0) return longest_side_;
  int32_t longest = 0;
  for (int64_t i = 0; i < size_; ++i) {
    const auto example = item(i);
    longest = std::max({longest, example->image.height, example->image.width});
  }
  longest_side_ = longest;
  return longest;
}

std::map<int64_t, std::string> ImageSet::skipped() const {
  const std::lock_guard lock(mutex_);
  return skipped_;
}

}  // namespace sslbench
