// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// The operator sslbench::normalize_bytes: uint8 [N, H, W, 3] -> (x / 255 - mean) / deviation as float32 [N, 3, H, W],
// channels last, on the input's device (CUDA once the plugin is loaded). Makes float images of resident bytes where the
// training runs, so that a quarter of the bytes crosses the bus.
at::Tensor normalize_bytes(const at::Tensor& bytes_NHWC, const at::Tensor& mean_3, const at::Tensor& deviation_3);

}  // namespace sslbench
