// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "datasets/batches/image_batches.h"

namespace sslbench {

// Some images of a set, by their numbers in it.
struct ImagePart {
  const ImageSet& images;
  std::vector<int64_t> numbers;

  int64_t size() const { return std::ssize(numbers); }
  std::shared_ptr<const Item> item(int64_t i) const { return images.item(numbers[static_cast<size_t>(i)]); }
  // Consecutive ones, held while they are needed.
  Items items(int64_t first, int64_t count) const;
};

ImagePart all_of(const ImageSet& images);

}  // namespace sslbench
