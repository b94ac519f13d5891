// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/unit_rows.h"

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor unit_rows(const at::Tensor& x_ND) { return x_ND / x_ND.norm(2, {-1}, true).clamp_min(1e-12); }

}  // namespace sslbench
