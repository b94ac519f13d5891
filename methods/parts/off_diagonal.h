// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// sum_{i != j} c_ij^2 of a square matrix: what Barlow Twins and VICReg push to 0.
inline at::Tensor off_diagonal_squares(const at::Tensor& c_DD) {
  return (c_DD - c_DD.diagonal().diag_embed()).square().sum();
}

}  // namespace sslbench
