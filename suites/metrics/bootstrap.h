// SPDX-License-Identifier: Apache-2.0
// Resampling of test images. Replicate b of n images is the same draw for every row and every metric, so that
// differences between rows may be taken replicate by replicate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sslbench {

inline constexpr int kBootstrapReplicates = 1000;

// Returns how often each of `images` image numbers is drawn in replicate `replicate`: `images` draws with replacement.
// A pure function of its arguments (Philox, seed 0). Throws InternalError unless 0 < images < 2^32.
std::vector<int32_t> resample_counts(int64_t images, uint32_t replicate);

// Returns `replicates` means of `values` (one value an image, in image order).
std::vector<double> bootstrap_mean(std::span<const double> values, int replicates = kBootstrapReplicates);

}  // namespace sslbench
