// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace sslbench {

// Indices in one fixed random order of a split: these, or all in [0, total). `train_images = N` and `test_images = N`
// take the N examples that come first, so a smaller subset is part of every larger one.
std::vector<int64_t> subset_order(const std::vector<int64_t>& indices);
std::vector<int64_t> subset_order(int64_t total);

// The indices in [0, total) that come first, `limit` of them (0: all), ascending; UserError when there are fewer.
std::vector<int64_t> fixed_subset(int64_t total, int64_t limit);

}  // namespace sslbench
