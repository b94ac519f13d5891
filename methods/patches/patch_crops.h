// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// Squares of `side` px, one of each image, with their upper left corner at (top, left): [N, C, side, side]. top_N and
// left_N: int64 on the images' device, inside the image. Two gathers for the whole batch, whatever N.
at::Tensor crop_at(const at::Tensor& x_NCHW, const at::Tensor& top_N, const at::Tensor& left_N, int64_t side);

}  // namespace sslbench
