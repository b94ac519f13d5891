// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/permutation.h"

#include <numeric>

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor random_permutation(RandomStream stream, int64_t count) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(static_cast<uint32_t>(i))]);
  return at::tensor(order, at::kLong);
}

}  // namespace sslbench
