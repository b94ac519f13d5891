// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/cosine.h"

#include <ATen/ops/cosine_similarity.h>

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor mean_cosine(const at::Tensor& x, const at::Tensor& y) {
  return at::cosine_similarity(x, y, /*dim=*/-1, /*eps=*/1e-8).mean();
}

at::Tensor paired_cosine(const at::Tensor& a1_ND, const at::Tensor& b1_ND, const at::Tensor& a2_ND,
                         const at::Tensor& b2_ND) {
  return (mean_cosine(a1_ND, b1_ND.detach()) + mean_cosine(a2_ND, b2_ND.detach())) / 2;
}

}  // namespace sslbench
