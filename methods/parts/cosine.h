// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Mean over all rows of x.y / (max(|x|, 1e-8) max(|y|, 1e-8)), as torch.nn.CosineSimilarity. x, y: [..., D].
at::Tensor mean_cosine(const at::Tensor& x, const at::Tensor& y);

// (cos(a1, b1) + cos(a2, b2)) / 2, each a mean over rows: what BYOL and SimSiam maximise, with a a prediction of one
// view and b the target of the other; the targets are never differentiated. Shapes: [N, D].
at::Tensor paired_cosine(const at::Tensor& a1_ND, const at::Tensor& b1_ND, const at::Tensor& a2_ND,
                         const at::Tensor& b2_ND);

}  // namespace sslbench
