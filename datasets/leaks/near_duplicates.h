// SPDX-License-Identifier: Apache-2.0
// Test images that are, but for small changes, also among the training images: mirrored, cropped by up to a fifth of a
// side, compressed, recoloured, of another size. A number measured on them says what was remembered.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "datasets/stream/image_set.h"

namespace sslbench {

struct NearDuplicate {
  int64_t test = 0, train = 0;  // numbers of images
  double similarity = 0;        // at most 1
};

struct DuplicateSearch {
  int threads = 1;
  std::function<void()> between = [] {};  // called often, by the caller's thread; what it throws ends the search
  std::function<void(int64_t done, int64_t total)> progress = [](int64_t, int64_t) {};  // in training images
};

// Each such test image once, with the training image that it is most like; ascending in `test`. Memory grows with the
// test images (11 kB each); time with the product of both counts (docs/leaks.md). Neither labels nor files' names
// count.
std::vector<NearDuplicate> near_duplicates(const ImageSet& train, const ImageSet& test, const DuplicateSearch& how);

}  // namespace sslbench
