// SPDX-License-Identifier: Apache-2.0
// The loss of methods/byol.cpp (arXiv:2006.07733, Eq. 2), which explains it. Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::byol {

// Eq. 2 of predictions p and targets z in both directions (p1 with z2, p2 with z1), added, or their mean; each a mean
// over the batch. Targets are never differentiated; lengths do not matter.
at::Tensor regression_loss(const at::Tensor& p1_ND, const at::Tensor& p2_ND, const at::Tensor& z1_ND,
                           const at::Tensor& z2_ND, bool sum);

}  // namespace sslbench::byol
