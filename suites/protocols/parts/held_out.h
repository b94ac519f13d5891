// SPDX-License-Identifier: Apache-2.0
// Which training images choose a setting, so that none of the test set has to.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sslbench {

inline constexpr uint64_t kHeldOutSeed = 20;  // of the order given to hold_out(): the same images in every run

struct HeldOut {
  std::vector<int64_t> kept, out;  // numbers of images; `out` is empty when no class can spare one
  int64_t classes = 0;             // among the images
  int64_t classes_out = 0;         // of which some are held out
  bool by_class = false;           // as many of each class
};

// Holds out the last `share` of `order` (a permutation of the images) where that leaves images of every class on both
// sides, as it does in sets of ordinary size. Else as many of each class, at least one and never all: a class of one
// image is kept whole, since a classifier cannot be asked about a class that it has not seen.
HeldOut hold_out(std::span<const int64_t> labels, std::span<const int64_t> order, double share);

}  // namespace sslbench
