// SPDX-License-Identifier: Apache-2.0
// The turns of methods/rotnet.cpp (arXiv:1803.07728, Eq. 2), which explains them. Shapes: N images, C channels, S side.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>

namespace sslbench::rotnet {

// Every image turned by k times 90 degrees counter-clockwise, k = 0 .. 3: [N, 4, C, S, S] and the k, int64 [N, 4].
std::pair<at::Tensor, at::Tensor> rotate_views(const at::Tensor& x_NCSS);

}  // namespace sslbench::rotnet
