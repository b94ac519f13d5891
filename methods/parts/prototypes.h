// SPDX-License-Identifier: Apache-2.0
// Prototypes on the unit sphere. Shapes: K prototypes, D features, N rows.
#pragma once

#include <ATen/core/Generator.h>

#include "methods/module.h"

namespace sslbench {

// Rows of unit length, in place and without gradient; a row of zeros stays zero.
void normalize_prototypes(const Tensor& weight_KD);

// K trained directions; scores are cosines as long as both sides have unit length. Starts as torch.nn.Linear does.
class Prototypes final : public Module {
 public:
  Prototypes(int64_t count, int64_t features, at::Generator& generator);
  // Before the forward pass of every step: the optimizer has moved the rows off the sphere.
  void normalize() const { normalize_prototypes(weight_KD_); }
  // [N, K] of rows of unit length.
  Tensor operator()(const Tensor& unit_ND) const;
  // Drops the gradient, so that the optimizer leaves the prototypes where they are.
  void hold() { weight_KD_.mutable_grad() = Tensor(); }
  const Tensor& weight_KD() const { return weight_KD_; }

 private:
  Tensor weight_KD_;
};

}  // namespace sslbench
