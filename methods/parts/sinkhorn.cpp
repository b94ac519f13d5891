// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/sinkhorn.h"

#include <cmath>

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor sinkhorn_knopp(const at::Tensor& log_q_BK, int64_t iterations) {
  const at::NoGradGuard no_grad;
  const auto B = static_cast<double>(log_q_BK.size(0)), K = static_cast<double>(log_q_BK.size(1));
  at::Tensor q_BK = log_q_BK - log_q_BK.max();
  q_BK = q_BK - at::logsumexp(q_BK, at::IntArrayRef{0, 1});
  for (int64_t i = 0; i < iterations; ++i) {
    q_BK = q_BK - at::logsumexp(q_BK, at::IntArrayRef{0}, true) - std::log(K);
    q_BK = q_BK - at::logsumexp(q_BK, at::IntArrayRef{1}, true) - std::log(B);
  }
  return (q_BK + std::log(B)).exp();
}

}  // namespace sslbench
