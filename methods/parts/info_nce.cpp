// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/info_nce.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {

at::Tensor matching_cross_entropy(const at::Tensor& a_ND, const at::Tensor& b_ND, double tau) {
  const at::Tensor sim_NN = at::mm(unit_rows(a_ND), unit_rows(b_ND).t()) / tau;
  return at::cross_entropy_loss(sim_NN, at::arange(a_ND.size(0), sim_NN.options().dtype(at::kLong)));
}

at::Tensor info_nce_over_queue(const at::Tensor& q_ND, const at::Tensor& k_ND, const at::Tensor& queue_KD, double tau) {
  const at::Tensor positive_N1 = (q_ND * k_ND.detach()).sum({1}, true);
  const at::Tensor negative_NK = at::mm(q_ND, queue_KD.detach().t());
  const at::Tensor first_N = at::zeros({q_ND.size(0)}, q_ND.options().dtype(at::kLong));
  return at::cross_entropy_loss(at::cat({positive_N1, negative_NK}, 1) / tau, first_N);
}

}  // namespace sslbench
