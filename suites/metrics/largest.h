// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace sslbench {

// The `keep` largest of many finite numbers that come part by part, in order of their places; of equal ones those that
// came first.
class Largest {
 public:
  explicit Largest(size_t keep) : keep_(keep) { found_.reserve(2 * keep); }
  void clear();
  // `first`: the place of the first value, higher than all before.
  void add(std::span<const float> values, int64_t first);
  // As many as are kept, the largest first; at least so many were added.
  void write(float* values, int64_t* places);

 private:
  struct Found {
    float value;
    int64_t place;
  };
  static bool before(const Found& a, const Found& b) {
    return a.value != b.value ? a.value > b.value : a.place < b.place;
  }
  void shrink();

  size_t keep_;
  float least_ = -std::numeric_limits<float>::infinity();  // what comes later must be larger
  std::vector<Found> found_;
};

}  // namespace sslbench
