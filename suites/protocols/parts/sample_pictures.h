// SPDX-License-Identifier: Apache-2.0
// Pictures that a record keeps for the report.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "datasets/augment/view.h"
#include "datasets/data_source.h"
#include "reports/record/record.h"

namespace sslbench {

inline constexpr int64_t kSamples = 16;     // dense protocols
inline constexpr int64_t kSampleLines = 4;  // pictures with others beside them
inline constexpr int kBesideSide = 96;      // px, longest side of those

// Numbers of the fixed images that are drawn: up to `count`, evenly spaced.
std::vector<int64_t> sample_numbers(int64_t size, int64_t count = kSamples);

// The picture of a test image with truth, longest side at most 256 px; `scale` becomes the factor that was applied.
Sample make_sample(const Item& item, float& scale);

// The whole image with its label, longest side at most kBesideSide.
SamplePicture small_picture(const Item& item);
// Undoes the normalisation of [3, H, W], on any device; longest side at most kBesideSide.
SamplePicture small_picture(const at::Tensor& pixels_CHW, const Normalisation& normalisation);

}  // namespace sslbench
