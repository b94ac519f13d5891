// SPDX-License-Identifier: Apache-2.0
#include "suites/training/embedding_std.h"

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {

double embedding_std(const at::Tensor& embedding_ND) {
  const at::NoGradGuard no_grad;
  const at::Tensor unit = unit_rows(embedding_ND.detach().to(at::kFloat));
  return unit.std(0).mean().item<double>() * std::sqrt(static_cast<double>(unit.size(1)));
}

}  // namespace sslbench
