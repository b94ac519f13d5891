// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/start_curvature.h"

#include <algorithm>

#include "suites/tensors/aten.h"

namespace sslbench {

using at::Tensor;

Tensor second_moment(const Tensor& x_ND) {
  const int64_t N = x_ND.size(0), D = x_ND.size(1);
  if (N < D || D > StartCurvature::kMostFeatures) return {};
  const Tensor some_MD = x_ND.slice(0, 0, N, std::max<int64_t>(1, N / (StartCurvature::kRowsPerFeature * D)));
  const Tensor x_ME = at::cat({some_MD, at::ones({some_MD.size(0), 1}, x_ND.options())}, 1);
  return at::mm(x_ME.t(), x_ME) / static_cast<double>(some_MD.size(0));
}

StartCurvature::StartCurvature(const Tensor& moment_EE, double each, double penalty) {
  if (!moment_EE.defined()) return;
  Tensor curvature_EE = moment_EE * each;
  curvature_EE.diagonal().narrow(0, 0, moment_EE.size(0) - 1).add_(penalty);
  const auto [factor_EE, failed] = at::linalg_cholesky_ex(curvature_EE);
  if (failed.item<int64_t>() == 0) factor_EE_ = factor_EE;  // else rounding left it singular
}

Tensor StartCurvature::step(const Tensor& gradient_EC) const {
  return known() ? at::cholesky_solve(gradient_EC, factor_EE_) : gradient_EC;
}

}  // namespace sslbench
