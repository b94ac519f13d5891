// SPDX-License-Identifier: Apache-2.0
// The loss of methods/moco_v3.cpp (arXiv:2104.02057, Alg. 1; facebookresearch/moco-v3 moco/builder.py), which explains
// it. Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::moco_v3 {

// Alg. 1: ctr(q1, k2) + ctr(q2, k1), each a mean over the batch times 2 tau; lengths do not matter, keys are never
// differentiated.
at::Tensor symmetric_contrast(const at::Tensor& q1_ND, const at::Tensor& q2_ND, const at::Tensor& k1_ND,
                              const at::Tensor& k2_ND, double tau);

}  // namespace sslbench::moco_v3
