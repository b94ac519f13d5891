// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// mean_i -log( exp(cos(a_i, b_i) / tau) / sum_j exp(cos(a_i, b_j) / tau) ): row i of a belongs to row i of b and to no
// other row. N logits an anchor, none of them within a. Shapes: N rows, D width.
at::Tensor matching_cross_entropy(const at::Tensor& a_ND, const at::Tensor& b_ND, double tau);

// mean_i -log( exp(q_i.k_i / tau) / (exp(q_i.k_i / tau) + sum_j exp(q_i.queue_j / tau)) ): MoCo's Eq. 1. All rows have
// unit length; keys and queue carry no gradient. Shapes: N rows, D width, K rows of the queue.
at::Tensor info_nce_over_queue(const at::Tensor& q_ND, const at::Tensor& k_ND, const at::Tensor& queue_KD, double tau);

}  // namespace sslbench
