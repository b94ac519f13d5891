// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/sinkhorn.h"

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {
namespace {

// log(sum of exp) over what each rank has of it; -inf where one has nothing.
at::Tensor logsumexp_over_ranks(const at::Tensor& own) {
  const at::Tensor largest = own.clone(at::MemoryFormat::Contiguous);
  ranks().max(largest);
  const at::Tensor sum = (own - largest).exp();
  ranks().sum(sum);
  return largest + sum.log();
}

}  // namespace

at::Tensor sinkhorn_knopp(const at::Tensor& log_q_BK, int64_t iterations) {
  if (log_q_BK.size(0) == 0) return log_q_BK;
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

at::Tensor sinkhorn_knopp_over_ranks(const at::Tensor& own_log_q_BK, int64_t iterations) {
  if (ranks().alone()) return sinkhorn_knopp(own_log_q_BK, iterations);
  const at::NoGradGuard no_grad;
  const at::Tensor& log_q_BK = own_log_q_BK;
  const at::Tensor log_B =
      sum_over_ranks(at::full({}, static_cast<double>(log_q_BK.size(0)), log_q_BK.options())).log();
  const auto log_K = std::log(static_cast<double>(log_q_BK.size(1)));
  at::Tensor q_BK = log_q_BK - logsumexp_over_ranks(at::logsumexp(log_q_BK, at::IntArrayRef{0, 1}));
  for (int64_t i = 0; i < iterations; ++i) {
    q_BK = q_BK - logsumexp_over_ranks(at::logsumexp(q_BK, at::IntArrayRef{0}, true)) - log_K;
    q_BK = q_BK - at::logsumexp(q_BK, at::IntArrayRef{1}, true) - log_B;
  }
  return (q_BK + log_B).exp();
}

}  // namespace sslbench
