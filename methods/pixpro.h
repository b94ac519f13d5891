// SPDX-License-Identifier: Apache-2.0
// The loss of methods/pixpro.cpp (arXiv:2011.10043), which explains it.
// Shapes: N images, C channels, H W grid, P = H W cells; crops [N, 4] as TrainBatch::crops has them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::pixpro {

// Eq. 5 and 6, where value = g(x), brought to unit length: [N, C, H, W]. Similarities below clamp_value count as that;
// 1e-6 keeps the derivative finite when gamma < 1.
at::Tensor propagate(const at::Tensor& x_NCHW, const at::Tensor& value_NCHW, double gamma, double clamp_value);

// A of Eq. 1, [N, P, P] of 0 and 1: cells of view 1 and view 2 whose centres are within pos_ratio diagonals of the
// larger cell in the original image. No gradient.
at::Tensor near_pairs(const at::Tensor& crop1_N4, const at::Tensor& crop2_N4, int64_t H, int64_t W, double pos_ratio);

// One direction of Eq. 7: -2 mean_n of the mean of cos(y_i, x'_j) over the image's pairs; an image without pairs gives
// 0 and counts. target_NCHW, x', is never differentiated.
at::Tensor consistency(const at::Tensor& y_NCHW, const at::Tensor& target_NCHW, const at::Tensor& pairs_NPP);

// Eq. 7: both directions, added.
at::Tensor pixpro_loss(const at::Tensor& y1_NCHW, const at::Tensor& y2_NCHW, const at::Tensor& target1_NCHW,
                       const at::Tensor& target2_NCHW, const at::Tensor& crop1_N4, const at::Tensor& crop2_N4,
                       double pos_ratio);

}  // namespace sslbench::pixpro
