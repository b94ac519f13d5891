// SPDX-License-Identifier: Apache-2.0
// The loss of methods/mmcr.cpp (arXiv:2303.03307, Eq. 6; ThomasYerxa/mmcr mmcr/imagenet/loss_mmcr_momentum.py), which
// explains it. Projections are brought to unit length; |.|_* is the sum of singular values. Shapes: N images, V views,
// D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::mmcr {

// sum_n |Z_n|_*.
at::Tensor local_nuclear(const at::Tensor& z_NVD);

// |C|_*; z_momentum_NVD, of the momentum encoder, may be undefined, and is never differentiated.
at::Tensor global_nuclear(const at::Tensor& z_NVD, const at::Tensor& z_momentum_NVD);

// Eq. 6; the local term, over online views, costs one decomposition an image and is left out when lambda is 0.
at::Tensor manifold_capacity_loss(const at::Tensor& z_NVD, const at::Tensor& z_momentum_NVD, double lambda);

}  // namespace sslbench::mmcr
