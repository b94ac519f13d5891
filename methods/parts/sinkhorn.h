// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// Sinkhorn-Knopp (Cuturi, NeurIPS 2013) as SwAV's authors use it: Q = exp(log_q) is scaled so that `iterations` times
// every prototype's column sums to 1/K, then every sample's row to 1/B; returned times B, so that rows sum to 1 (with 0
// iterations only the whole does, to B). In logarithms throughout: finite whatever the scores. No gradient.
// log_q_BK: scores / epsilon (SwAV, DINOv2), or log probabilities (MSN); all samples, on every rank the same. Shapes: B
// samples, K prototypes.
at::Tensor sinkhorn_knopp(const at::Tensor& log_q_BK, int64_t iterations);

// The same of samples that are spread over the ranks, any number on each: this rank's rows in, this rank's rows out.
// Sums of columns travel, no rows.
at::Tensor sinkhorn_knopp_over_ranks(const at::Tensor& own_log_q_BK, int64_t iterations);

}  // namespace sslbench
