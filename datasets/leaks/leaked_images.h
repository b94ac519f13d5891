// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/leaks/near_duplicates.h"

namespace sslbench {

// Test images that pretraining has seen, but for small changes.
struct LeakedImages {
  std::vector<NearDuplicate> pairs;       // ascending by test image
  const ImageSet* pretraining = nullptr;  // the set that they are also in
};

// The numbers of all other images, of `count`.
std::vector<int64_t> images_without(const LeakedImages& leaked, int64_t count);

}  // namespace sslbench
