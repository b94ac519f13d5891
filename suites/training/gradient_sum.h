// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "methods/module.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

// Sums the gradients of all ranks: one collective for all parameters of a type, at least in float32.
class GradientSum {
 public:
  explicit GradientSum(const std::vector<NamedTensor>& parameters);

  // In place. A parameter that no rank has a gradient for keeps none; where only some have one, the others count as 0.
  void sum(Ranks& group) const;

 private:
  std::vector<std::vector<at::Tensor>> by_type_;  // parameters
};

}  // namespace sslbench
