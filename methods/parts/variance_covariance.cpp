// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/variance_covariance.h"

#include "methods/parts/off_diagonal.h"
#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor variance_hinge(const at::Tensor& z_SND, double eps) {
  const at::Tensor std_SD = (z_SND.var({-2}, /*unbiased=*/true) + eps).sqrt();
  return at::relu(1 - std_SD).mean();
}

at::Tensor covariance_penalty(const at::Tensor& z_SND) {
  const int64_t N = z_SND.size(-2), D = z_SND.size(-1);
  const at::Tensor centred_SND = z_SND - z_SND.mean({-2}, true);
  const at::Tensor covariance_SDD = at::matmul(centred_SND.transpose(-2, -1), centred_SND) / (N - 1);
  return off_diagonal_squares(covariance_SDD).mean() / D;
}

}  // namespace sslbench
