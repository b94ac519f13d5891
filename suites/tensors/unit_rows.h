// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Rows of unit length: x / max(|x|_2, 1e-12) along the last dimension, as torch.nn.functional.normalize.
at::Tensor unit_rows(const at::Tensor& x_ND);

}  // namespace sslbench
