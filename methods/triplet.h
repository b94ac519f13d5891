// SPDX-License-Identifier: Apache-2.0
// The loss of methods/triplet.cpp (arXiv:1503.03832, Eq. 3), which explains it. Shapes: N images, D embedding width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::triplet {

// Mean (or sum) of the margin loss over the batch; d of order p, eps added to every coordinate difference. swap: the
// negative's distance is that to the nearer of anchor and positive (Balntas et al., BMVC 2016).
at::Tensor triplet_margin(const at::Tensor& anchor_ND, const at::Tensor& positive_ND, const at::Tensor& negative_ND,
                          double margin, double p, double eps, bool swap, bool sum);

}  // namespace sslbench::triplet
