// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/info_nce.h"

#include "datasets/batches/aten.h"
#include "methods/parts/normalize.h"

namespace sslbench {

at::Tensor matching_cross_entropy(const at::Tensor& a_ND, const at::Tensor& b_ND, double tau) {
  const at::Tensor sim_NN = at::mm(unit_rows(a_ND), unit_rows(b_ND).t()) / tau;
  return at::cross_entropy_loss(sim_NN, at::arange(a_ND.size(0), sim_NN.options().dtype(at::kLong)));
}

}  // namespace sslbench
