// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/labelled_part.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "datasets/subset.h"
#include "suites/tensors/aten.h"

namespace sslbench {

ImagePart labelled_part(const ImageSet& images, double share) {
  if (share == 1) return all_of(images);
  const std::vector<int64_t> order = subset_order(images.size());
  std::map<int32_t, int64_t> have, taken;
  for (const int64_t i : order) ++have[images.label(i)];
  ImagePart out{images, {}};
  for (const int64_t i : order) {
    const int32_t label = images.label(i);
    const auto wanted = std::max<int64_t>(1, std::llround(share * static_cast<double>(have[label])));
    if (label >= 0 && taken[label]++ < wanted) out.numbers.push_back(i);
  }
  std::ranges::sort(out.numbers);
  return out;
}

at::Tensor labels_of(const ImagePart& images) {
  std::vector<int64_t> out;
  for (const int64_t i : images.numbers) out.push_back(images.images.label(i));
  return at::tensor(out);
}

}  // namespace sslbench
