// SPDX-License-Identifier: Apache-2.0
#include "datasets/subset.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "suites/ground/error.h"
#include "suites/ground/random.h"

namespace sslbench {

namespace {

// An example's place; of equal ones the lower index comes first.
uint32_t rank_of(int64_t index) { return RandomStream(0, RandomUse::split, 0, static_cast<uint32_t>(index)).bits(); }

}  // namespace

std::vector<int64_t> subset_order(const std::vector<int64_t>& indices) {
  std::vector<std::pair<uint32_t, int64_t>> ranked;
  ranked.reserve(indices.size());
  for (const int64_t index : indices) ranked.emplace_back(rank_of(index), index);
  std::sort(ranked.begin(), ranked.end());
  std::vector<int64_t> out;
  out.reserve(ranked.size());
  for (const auto& [rank, index] : ranked) out.push_back(index);
  return out;
}

std::vector<int64_t> subset_order(int64_t total) {
  std::vector<int64_t> all(static_cast<size_t>(total));
  std::iota(all.begin(), all.end(), int64_t{0});
  return subset_order(all);
}

std::vector<int64_t> fixed_subset(int64_t total, int64_t limit) {
  if (limit > total) {
    throw UserError("too many images asked for: " + std::to_string(limit) + ", the split holds " +
                    std::to_string(total) + "; ask for fewer, or for 0 to take all");
  }
  std::vector<int64_t> indices(static_cast<size_t>(total));
  std::iota(indices.begin(), indices.end(), int64_t{0});
  if (limit == 0 || limit == total) return indices;
  indices = subset_order(total);
  indices.resize(static_cast<size_t>(limit));
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace sslbench
