// SPDX-License-Identifier: Apache-2.0
#include "suites/training/loss_scaler.h"

#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/_amp_update_scale.h>

#include "suites/tensors/aten.h"

namespace sslbench {

LossScaler::LossScaler(at::Device device)
    : scale_(at::full({}, kFirstScale, at::TensorOptions(device).dtype(at::kFloat))),
      good_steps_(at::zeros({}, at::TensorOptions(device).dtype(at::kInt))),
      skipped_(at::zeros({}, at::TensorOptions(device).dtype(at::kDouble))) {}

Tensor LossScaler::unscale(const std::vector<NamedTensor>& parameters) const {
  const at::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  Tensor overflowed = at::zeros({}, scale_.options());
  // In double, as GradScaler has it; of a power of two it is exact anyway.
  const Tensor inverse = scale_.to(at::kDouble).reciprocal().to(at::kFloat);
  if (!gradients.empty()) at::_amp_foreach_non_finite_check_and_unscale_(gradients, overflowed, inverse);
  return overflowed;
}

LossScaling LossScaler::update(const Tensor& overflowed) {
  const at::NoGradGuard no_grad;
  at::_amp_update_scale_(scale_, good_steps_, overflowed, kGrowth, kBackOff, kGrowthInterval);
  skipped_.add_(overflowed);
  return {overflowed, scale_.clone()};
}

}  // namespace sslbench
