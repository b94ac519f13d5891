// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Mean over dimensions of the std of unit-length embeddings, times sqrt(D): 1 when spread evenly over the sphere, 0
// when constant. Read by the host.
double embedding_std(const at::Tensor& embedding_ND);

}  // namespace sslbench
