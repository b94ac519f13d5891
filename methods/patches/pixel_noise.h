// SPDX-License-Identifier: Apache-2.0
// Noise of an image's own key: equal for any split into batches. Shapes: N images, C channels, H W.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

// What the numbers of a batch are keyed by, beside each image's dataset index.
struct NoiseKey {
  uint64_t seed = 0;
  int64_t epoch = 0;
  uint32_t view = 0;  // another number for another use in one step
};

// Float32 of that shape, on the CPU: uniform in [0, 1), or standard normal. One image a sample.
at::Tensor uniform_pixels(at::IntArrayRef shape_NCHW, const std::vector<int64_t>& samples, const NoiseKey& key);
at::Tensor normal_pixels(at::IntArrayRef shape_NCHW, const std::vector<int64_t>& samples, const NoiseKey& key);

}  // namespace sslbench
