// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// Buffers that batch normalisation keeps, [C].
struct RunningStatistics {
  const at::Tensor &mean, &variance;
  double momentum = 0.1;
};

// Batch normalisation in training with statistics of the whole batch, or of each of its `parts` (consecutive rows, as
// equal in size as can be; then the first dimension of x must be this rank's images). One gather forward, one sum
// backward. weight, bias: [C], or both undefined; x: [n, C] or [n, C, H, W]. Every rank keeps the same running
// statistics: those of the parts one after the other.
at::Tensor batch_norm_over_ranks(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                 const RunningStatistics& running, double eps, int64_t parts);

}  // namespace sslbench
