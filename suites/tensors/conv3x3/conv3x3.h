// SPDX-License-Identifier: Apache-2.0
// A convolution of 3 x 3 in one operator, sslbench::conv3x3: Winograd's F(2x2, 3x3) (winograd_tiles.h), 16 products
// where a direct convolution has 36, in float32 throughout.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// conv2d(x, weight, bias) of stride 1 and padding 1; x [N, C, H, W], weight [K, C, 3, 3], bias [K] or undefined. By
// LibTorch, or, where chosen (suites/tensors/chosen_kernels.h), by the own operator: it takes float32 outside of
// autocast on a CPU, channels innermost, multiples of 16; anything else is the library's. Its bits are the same for any
// number of threads.
at::Tensor conv3x3(const at::Tensor& x_NCHW, const at::Tensor& weight_KC33, const at::Tensor& bias_K);

}  // namespace sslbench
