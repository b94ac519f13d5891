// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/prototypes.h"

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {

void normalize_prototypes(const Tensor& weight_KD) {
  const at::NoGradGuard no_grad;
  weight_KD.copy_(unit_rows(weight_KD));
}

Prototypes::Prototypes(int64_t count, int64_t features, at::Generator& generator) {
  const double bound = 1 / std::sqrt(static_cast<double>(features));
  weight_KD_ = add_parameter("weight", at::empty({count, features}, at::kFloat).uniform_(-bound, bound, generator));
}

Tensor Prototypes::operator()(const Tensor& unit_ND) const { return at::linear(unit_ND, weight_KD_); }

}  // namespace sslbench
