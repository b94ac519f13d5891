// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// mean_i -log( exp(cos(a_i, b_i) / tau) / sum_j exp(cos(a_i, b_j) / tau) ): row i of a belongs to row i of b and to no
// other row. N logits an anchor, none of them within a. Shapes: N rows, D width.
at::Tensor matching_cross_entropy(const at::Tensor& a_ND, const at::Tensor& b_ND, double tau);

}  // namespace sslbench
