// SPDX-License-Identifier: Apache-2.0
// The loss of align_uniform.cpp (arXiv:2005.10242), which explains it. Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::align_uniform {

// Alignment (alpha = 2) + weight * uniformity; projections are brought to unit length.
at::Tensor loss(const at::Tensor& x_ND, const at::Tensor& y_ND, double t, double weight);

}  // namespace sslbench::align_uniform
