// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/largest.h"

#include <algorithm>

namespace sslbench {
namespace {

// The first place of values[from, ..) that is larger than `bound`; their number where none is.
size_t first_above(std::span<const float> values, size_t from, float bound) {
  constexpr size_t kBlock = 64;  // of which vectors tell whether to look closer
  for (; from + kBlock <= values.size(); from += kBlock) {
    int larger = 0;
    for (size_t k = 0; k < kBlock; ++k) larger |= values[from + k] > bound ? 1 : 0;
    if (larger != 0) break;
  }
  while (from < values.size() && !(values[from] > bound)) ++from;
  return from;
}

}  // namespace

void Largest::clear() {
  found_.clear();
  least_ = -std::numeric_limits<float>::infinity();
}

void Largest::add(std::span<const float> values, int64_t first) {
  for (size_t i = first_above(values, 0, least_); i < values.size(); i = first_above(values, i + 1, least_)) {
    found_.push_back({values[i], first + static_cast<int64_t>(i)});
    if (found_.size() >= 2 * keep_) shrink();
  }
}

void Largest::write(float* values, int64_t* places) {
  shrink();
  std::sort(found_.begin(), found_.end(), before);
  for (size_t k = 0; k < keep_; ++k) values[k] = found_[k].value, places[k] = found_[k].place;
}

void Largest::shrink() {
  if (found_.size() <= keep_) return;
  std::nth_element(found_.begin(), found_.begin() + static_cast<int64_t>(keep_) - 1, found_.end(), before);
  found_.resize(keep_);
  least_ = found_.back().value;
}

}  // namespace sslbench
