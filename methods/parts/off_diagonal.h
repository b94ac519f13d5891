// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace sslbench {

// sum_{i != j} c_ij^2 of every square matrix of a batch [.., D, D]: what Barlow Twins and VICReg push to 0.
inline at::Tensor off_diagonal_squares(const at::Tensor& c_SDD) {
  return (c_SDD - c_SDD.diagonal(0, -2, -1).diag_embed()).square().sum({-2, -1});
}

}  // namespace sslbench
