// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/tensors/capture.h"

namespace sslbench {

// What was made on the CPU, on `device`, without waiting for what a GPU still computes: when the call returns, the
// driver has taken the values over, so `tensor` may go at once. Not from a GPU to the CPU, where the values would come
// later. A graph would keep the values for ever, so no captured step calls this.
inline at::Tensor to_device(const at::Tensor& tensor, at::Device device) {
  expect_no_capture("a tensor that the host makes goes to the device within the step");
  return tensor.to(device, tensor.scalar_type(), /*non_blocking=*/true);
}

}  // namespace sslbench
