// SPDX-License-Identifier: Apache-2.0
// Ten edits inside a random box of an image: the pretext labels of `multitask`.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

// invert, gray, blur, noise, rotate channels, darken, lighten, mirror, pixelate, solarize - in this order.
inline constexpr int64_t kRegionEdits = 10;

struct EditedBatch {
  at::Tensor images;    // as given, edited
  at::Tensor edits_N;   // int64 in [0, kRegionEdits)
  at::Tensor boxes_N5;  // centre x, centre y, width, height (shares of the image), strength in [0.4, 1]
};

// Edits one box in every image of x_NCHW (normalised floats, so that 0 is the mean); what is done to sample s in epoch
// e is a pure function of (seed, e, s). The result lies on x's device.
EditedBatch edit_regions(const at::Tensor& x_NCHW, const std::vector<int64_t>& samples, int64_t epoch, uint64_t seed);

}  // namespace sslbench
