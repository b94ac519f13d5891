// SPDX-License-Identifier: Apache-2.0
// LAMB. You et al.: "Large Batch Optimization for Deep Learning", ICLR 2020, arXiv:1904.00962, Algorithm 2, as timm's
// Lamb computes it: g is clipped by its global norm; m, v as in Adam;
//   u = m^ / (sqrt(v^) + eps) + wd p,   p <- p - l |p| / |u| u      (the ratio only where wd > 0, 1 where a norm is 0)
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_sqrt.h>

#include <cmath>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/parameter_group.h"

namespace sslbench {
namespace {

class Lamb final : public Optimizer {
 public:
  Lamb(const OptimizerSettings& settings, const std::vector<OptimizerParameter>& parameters)
      : Optimizer(settings.weight_decay),
        settings_(settings),
        groups_(make_groups(settings, parameters, {.second = true})),
        steps_(at::zeros({}, at::kDouble)) {}

  void update(const StepRates& rates, bool held, const Tensor& skip) override {
    require(!held, "lamb holds no rates");
    if (skip.defined()) throw InternalError("internal error: lamb cannot skip a step");
    const at::NoGradGuard no_grad;
    std::vector<ActiveParameters> now;
    std::vector<Tensor> gradients;
    for (const ParameterGroup& group : groups_) {
      now.push_back(active(group));
      gradients.insert(gradients.end(), now.back().gradients.begin(), now.back().gradients.end());
    }
    if (gradients.empty()) return;
    if (settings_.lamb_clip_norm > 0) {
      at::_foreach_div_(gradients, (norms(gradients).norm() / settings_.lamb_clip_norm).clamp_min(1));
    }
    steps_.add_(1);
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (!now[i].parameters.empty()) update_group(now[i], groups_[i], rates);
    }
  }

  std::vector<NamedTensor> state() const override {
    auto out = group_state(groups_);
    out.emplace_back("steps", steps_);
    return out;
  }

 private:
  double correction(double beta) const {
    if (!settings_.lamb_bias_correction) return 1;
    return 1 - std::pow(beta, steps_.item<double>());  // host read: lies on the CPU
  }

  void update_group(const ActiveParameters& now, const ParameterGroup& group, const StepRates& rates) const {
    const double beta1 = settings_.beta1, beta2 = settings_.beta2, decay = group.decay(rates);
    at::_foreach_mul_(now.first, beta1);
    at::_foreach_add_(now.first, now.gradients, settings_.lamb_grad_averaging ? 1 - beta1 : 1);
    at::_foreach_mul_(now.second, beta2);
    at::_foreach_addcmul_(now.second, now.gradients, now.gradients, 1 - beta2);
    const auto root = at::_foreach_sqrt(now.second);
    at::_foreach_div_(root, std::sqrt(correction(beta2)));
    at::_foreach_add_(root, settings_.eps);
    const auto direction = at::_foreach_div(now.first, correction(beta1));
    at::_foreach_div_(direction, root);
    if (decay != 0) {
      at::_foreach_add_(direction, now.parameters, decay);
      const Tensor p_P = norms(now.parameters), u_P = norms(direction);
      const Tensor both_P = p_P.gt(0).logical_and(u_P.gt(0));
      scale_each(direction, at::where(both_P, p_P / u_P, at::ones_like(p_P)));
    }
    at::_foreach_add_(now.parameters, direction, -group.rate(rates));
  }

  OptimizerSettings settings_;
  std::vector<ParameterGroup> groups_;
  Tensor steps_;  // on the CPU; one count for all, as timm
};

}  // namespace

std::unique_ptr<Optimizer> make_lamb(const OptimizerSettings& settings,
                                     const std::vector<OptimizerParameter>& parameters) {
  return std::make_unique<Lamb>(settings, parameters);
}

}  // namespace sslbench
