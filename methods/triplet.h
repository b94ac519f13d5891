// SPDX-License-Identifier: Apache-2.0
// The loss of methods/triplet.cpp (arXiv:1503.03832, Eq. 3), which explains it. Shapes: N images, V views, D embedding
// width, M = V N embeddings (view-major).
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::triplet {

// Mean (or sum) of the margin loss over the batch; d of order p, eps added to every coordinate difference. swap: the
// negative's distance is that to the nearer of anchor and positive (Balntas et al., BMVC 2016).
at::Tensor triplet_margin(const at::Tensor& anchor_ND, const at::Tensor& positive_ND, const at::Tensor& negative_ND,
                          double margin, double p, double eps, bool swap, bool sum);

// Row of the negative of every anchor among e_MD, whose positive is the next view of its image (the last's is the
// first), by distance; the first row of equal ones. Without gradient.
//   semi-hard  the nearest row of another image that is farther than the positive (arXiv:1503.03832, Eq. 4, sec. 3.2);
//              where all are nearer, the farthest, as in tensorflow_addons losses/triplet.py
//   hardest    the nearest row of another image (arXiv:1703.07737, Eq. 5)
at::Tensor semi_hard_negatives(const at::Tensor& e_MD, int64_t views);
at::Tensor hardest_negatives(const at::Tensor& e_MD, int64_t views);

}  // namespace sslbench::triplet
