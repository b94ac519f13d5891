// SPDX-License-Identifier: Apache-2.0
// The loss of methods/simsiam.cpp (arXiv:2011.10566, Eq. 4), which explains it. Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::simsiam {

// Eq. 4 of predictions p and projections z, mean over the batch; projections are never differentiated.
at::Tensor symmetric_cosine(const at::Tensor& p1_ND, const at::Tensor& p2_ND, const at::Tensor& z1_ND,
                            const at::Tensor& z2_ND);

}  // namespace sslbench::simsiam
