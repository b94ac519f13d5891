// SPDX-License-Identifier: Apache-2.0
// The loss of methods/tico.cpp (arXiv:2206.10698, Eq. 5 and 6), which explains it. Shapes: N images, D projection
// width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::tico {

struct Step {
  at::Tensor loss, covariance_DD;  // C_t, without gradient
};

// 1 + Eq. 6, with C_t of Eq. 5 from covariance_DD, C_{t-1}; projections are brought to unit length. detach_batch: no
// gradient through C_t (lightly), else through the batch's share of it (sayannag/TiCo-pytorch).
Step invariance_and_contrast(const at::Tensor& z1_ND, const at::Tensor& z2_ND, const at::Tensor& covariance_DD,
                             double beta, double rho, bool detach_batch);

}  // namespace sslbench::tico
