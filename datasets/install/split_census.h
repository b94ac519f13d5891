// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "datasets/data_source.h"
#include "datasets/fault_counts.h"

namespace sslbench {

// Sums over pixels, whose order does not matter.
struct Moments {
  std::array<uint64_t, 3> sum{}, squares{};
  uint64_t pixels = 0;

  void add(const Image& image);
  void add(const Moments& other);
};

// What one split holds; adding two gives the same whatever the order.
struct SplitCensus {
  int64_t images = 0, unlabelled = 0, boxes = 0, crowds = 0, without_boxes = 0, masks = 0;
  std::vector<int64_t> labels, box_labels;
  int64_t mask_pixels = 0, ignored_pixels = 0;
  std::vector<int32_t> widths, heights;
  std::array<int64_t, 256> mask_values{};  // pixels of every class, and of none (Mask::kIgnore)
  Moments all, trained;                    // of all pictures, and of those that stay in train
  struct Seen {
    std::string pixels, name;  // SHA-256 of the decoded pixels
    int32_t label = -1;
    auto operator<=>(const Seen&) const = default;
  };
  std::vector<Seen> pictures;
  int64_t held_out = 0;  // not trained
  FaultCounts faults;
  std::map<std::string, std::string> broken;  // file -> why

  // `is_trained`: not one of those that become test by their names.
  void add(const Item& item, const std::string& name, bool is_trained = true);
  void add(const SplitCensus& other);
  // "train: 5000 images, all 32x32 px; labels: 500 a class".
  std::string describe(Split which, const std::vector<std::string>& classes) const;
};

}  // namespace sslbench
