// SPDX-License-Identifier: Apache-2.0
// What keeps embeddings from collapsing in VICReg and VICRegL. Bardes, Ponce, LeCun, ICLR 2022, arXiv:2105.04906.
// Shapes: N images, D features; leading dimensions are slots, each on its own; results are means over slots.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// v(Z) = 1/D sum_d max(0, 1 - sqrt(Var(z_d) + eps)), unbiased variance over images (Eq. 1).
at::Tensor variance_hinge(const at::Tensor& z_SND, double eps);

// c(Z) = 1/D sum_{i != j} C(Z)_ij^2, C = centred Z^T Z / (N - 1) (Eq. 4).
at::Tensor covariance_penalty(const at::Tensor& z_SND);

}  // namespace sslbench
