// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/leaked_images.h"

namespace sslbench {

std::vector<int64_t> images_without(const LeakedImages& leaked, int64_t count) {
  std::vector<int64_t> out;
  size_t next = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (next < leaked.pairs.size() && leaked.pairs[next].test == i) {
      ++next;
    } else {
      out.push_back(i);
    }
  }
  return out;
}

}  // namespace sslbench
