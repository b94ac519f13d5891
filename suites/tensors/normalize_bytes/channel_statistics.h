// SPDX-License-Identifier: Apache-2.0
// What both sides of the operator make of its arguments.
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/tensors/normalize_bytes/normalize_byte.h"

namespace sslbench {

inline ChannelStatistics channel_statistics(const at::Tensor& mean_3, const at::Tensor& deviation_3) {
  const at::Tensor mean = mean_3.to(at::kCPU, at::kFloat).contiguous();            // host read: goes into the launch
  const at::Tensor deviation = deviation_3.to(at::kCPU, at::kFloat).contiguous();  // host read: the same
  ChannelStatistics out{};
  for (int c = 0; c < 3; ++c) {
    out.mean[c] = mean.const_data_ptr<float>()[c];
    out.deviation[c] = deviation.const_data_ptr<float>()[c];
  }
  return out;
}

}  // namespace sslbench
