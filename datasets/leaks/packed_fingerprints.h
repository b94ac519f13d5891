// SPDX-License-Identifier: Apache-2.0
// Many placed fingerprints, small enough to be compared with many others: their signs, which tell most pairs apart, and
// one byte a value. Of unit vectors with the angle a between them, the share a / pi of signs differs in the mean
// (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "datasets/leaks/structure_map.h"

namespace sslbench {

class PackedFingerprints {
 public:
  PackedFingerprints() = default;
  explicit PackedFingerprints(size_t count) : first_(count), rest_(count), codes_(count) {}
  size_t size() const { return first_.size(); }
  // From several threads at once, each for places of its own.
  void set(size_t i, const Fingerprint& placed);

  // A pair of which `similarity` is at least the search's.
  struct Close {
    size_t row;
    float similarity;
  };
  // Appends the rows among [begin, end) that resemble row `i` of `others`, similarity >= kLeastSimilarity; of pairs
  // just above it a few in a hundred are missed.
  void find_close(const PackedFingerprints& others, size_t i, size_t begin, size_t end, std::vector<Close>& out) const;
  static constexpr float kLeastSimilarity = 0.6f;

 private:
  void compare(const PackedFingerprints& others, size_t i, size_t row, std::vector<Close>& out) const;

  std::vector<uint64_t> first_;  // of 64 values
  std::vector<std::array<uint64_t, 2>> rest_;
  std::vector<std::array<int8_t, kFingerprintSize>> codes_;
};

}  // namespace sslbench
