// SPDX-License-Identifier: Apache-2.0
// The loss of methods/barlow_twins.cpp (arXiv:2103.03230, Eq. 1), which explains it. Shapes: N images, D projection
// width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::barlow_twins {

// matrix_DD: C of Eq. 2.
struct Correlation {
  at::Tensor loss, matrix_DD;
};

// Eq. 1 times `scale`; columns are standardised with the biased variance + eps, as batch norm does. Gradients reach
// both views.
Correlation redundancy_loss(const at::Tensor& z1_ND, const at::Tensor& z2_ND, double lambda, double scale, double eps);

}  // namespace sslbench::barlow_twins
