// SPDX-License-Identifier: Apache-2.0
// NT-Xent of methods/simclr.cpp (arXiv:2002.05709, Eq. 1), which explains it.
// Shapes: N images, D projection width, M = 2N views.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::simclr {

// Mean of Eq. 1 over the 2 * count anchors that are rows first .. first + count of both views, against all 2N - 1
// others; sim is cosine similarity. With the rows of several ranks, the mean over ranks of losses and gradients equals
// those of the whole batch.
at::Tensor nt_xent_of_rows(const at::Tensor& z1_ND, const at::Tensor& z2_ND, double tau, int64_t first, int64_t count);

// NT-Xent of the whole batch: mean over all M ordered positive pairs.
at::Tensor nt_xent(const at::Tensor& z1_ND, const at::Tensor& z2_ND, double tau);

}  // namespace sslbench::simclr
