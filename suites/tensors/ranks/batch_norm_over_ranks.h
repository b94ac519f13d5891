// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

// Buffers that batch normalisation keeps, [C].
struct RunningStatistics {
  const at::Tensor &mean, &variance;
  double momentum = 0.1;
};

// How many of this rank's images each of the batch's parts has; the parts are consecutive images, as equal in number as
// can be.
std::vector<int64_t> own_images_of_parts(int64_t parts);

// Batch normalisation in training with statistics of each part of the batch. x: [n, C] or [n, C, H, W], this rank's
// rows of the first part, then of the second, ..; own_rows: how many of each, 0 where it has none. One gather forward,
// one sum backward. weight, bias: [C], or both undefined. Every rank keeps the same running statistics: those of the
// parts one after the other.
at::Tensor batch_norm_over_ranks(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                 const RunningStatistics& running, double eps, const std::vector<int64_t>& own_rows);

}  // namespace sslbench
