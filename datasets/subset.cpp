// SPDX-License-Identifier: Apache-2.0
#include "datasets/subset.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "suites/ground/error.h"
#include "suites/ground/random.h"

namespace sslbench {

uint32_t subset_rank(int64_t index) {
  return RandomStream(0, RandomUse::split, 0, static_cast<uint32_t>(index)).bits();
}

std::vector<int64_t> subset_order(int64_t total) {
  std::vector<int64_t> out(static_cast<size_t>(total));
  std::iota(out.begin(), out.end(), int64_t{0});
  std::sort(out.begin(), out.end(),
            [](int64_t a, int64_t b) { return std::pair(subset_rank(a), a) < std::pair(subset_rank(b), b); });
  return out;
}

std::vector<int64_t> fixed_subset(int64_t total, int64_t limit) {
  if (limit > total) {
    throw UserError("too many images asked for: " + std::to_string(limit) + ", the split holds " +
                    std::to_string(total) + "; ask for fewer, or for 0 to take all");
  }
  std::vector<int64_t> indices(static_cast<size_t>(total));
  std::iota(indices.begin(), indices.end(), int64_t{0});
  if (limit == 0) return indices;
  indices = subset_order(total);
  indices.resize(static_cast<size_t>(limit));
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace sslbench
