// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/image_part.h"

#include <numeric>

namespace sslbench {

Items ImagePart::items(int64_t first, int64_t count) const {
  Items out;
  for (int64_t i = first; i < first + count; ++i) out.push_back(item(i));
  return out;
}

ImagePart all_of(const ImageSet& images) {
  ImagePart out{images, std::vector<int64_t>(static_cast<size_t>(images.size()))};
  std::iota(out.numbers.begin(), out.numbers.end(), 0);
  return out;
}

}  // namespace sslbench
