// SPDX-License-Identifier: Apache-2.0
#include "suites/training/optimizer.h"

#include <ATen/ops/full_like.h>

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/parameter_group.h"

namespace sslbench {
namespace {

// adam: L2 in the gradient; adamw: decoupled. Kingma, Ba, ICLR 2015, arXiv:1412.6980; Loshchilov, Hutter, ICLR 2019,
// arXiv:1711.05101.
class Adam final : public Optimizer {
 public:
  Adam(const OptimizerSettings& settings, const std::vector<OptimizerParameter>& parameters)
      : Optimizer(settings.weight_decay),
        settings_(settings),
        groups_(make_groups(settings, parameters, {.second = true, .largest = settings.amsgrad})) {}

  std::vector<NamedTensor> state() const override { return group_state(groups_); }

 protected:
  void update(const StepRates& rates, bool held, const Tensor& skip) override {
    const at::NoGradGuard no_grad;
    for (const ParameterGroup& group : groups_) {
      const ActiveParameters now = active(group);
      if (now.parameters.empty()) continue;
      count(now.steps, skip);
      held ? fused(now, group.held_rate, group.decay(rates), skip)
           : fused(now, group.rate(rates), group.decay(rates), skip);
    }
  }
  std::vector<ParameterGroup>* groups() override { return &groups_; }

 private:
  template <class Rate>  // a number, or a tensor
  void fused(const ActiveParameters& now, const Rate& rate, double decay, const Tensor& skip) const {
    const auto call = [&](const auto& update) {
      update(now.parameters, now.gradients, now.first, now.second, now.largest, now.steps, rate, settings_.beta1,
             settings_.beta2, decay, settings_.eps, settings_.amsgrad, /*maximize=*/false,
             /*grad_scale=*/std::optional<Tensor>(), given(skip));
    };
    settings_.name == "adam" ? call([](const auto&... all) { at::_fused_adam_(all...); })
                             : call([](const auto&... all) { at::_fused_adamw_(all...); });
  }

  static void count(const std::vector<Tensor>& steps, const Tensor& skip) {
    skip.defined() ? at::_foreach_add_(steps, 1 - skip) : at::_foreach_add_(steps, 1);
  }

  OptimizerSettings settings_;
  std::vector<ParameterGroup> groups_;
};

}  // namespace

void check_optimizer(const OptimizerSettings& settings) {
  const auto& known = {"sgd", "adam", "adamw", "lars", "lamb"};
  if (std::find(known.begin(), known.end(), settings.name) == known.end()) {
    throw UserError("unknown optimizer '" + settings.name + "'; use sgd, adam, adamw, lars or lamb");
  }
  const bool sgd = settings.name == "sgd" || settings.name == "lars";
  if (sgd && settings.nesterov && (settings.momentum == 0 || settings.dampening != 0)) {
    throw UserError(
        "nesterov needs momentum > 0 and dampening = 0; got momentum = " + nlohmann::json(settings.momentum).dump() +
        ", dampening = " + nlohmann::json(settings.dampening).dump());
  }
  const bool own_buffer = settings.lars_variant == LarsVariant::simclr_popular;
  if (settings.name == "lars" && own_buffer && settings.dampening != 0) {
    throw UserError("lars_variant = \"simclr_popular\" has no dampening; got dampening = " +
                    nlohmann::json(settings.dampening).dump());
  }
}

bool can_skip(const OptimizerSettings& settings) {
  const bool popular = settings.name == "lars" && settings.lars_variant == LarsVariant::simclr_popular;
  const bool dampened = (settings.name == "sgd" || settings.name == "lars") && settings.dampening != 0;
  return settings.name != "lamb" && !popular && !dampened;
}

std::string why_not_held(const OptimizerSettings& settings) {
  if (settings.name == "lamb") return "the host counts the steps of lamb";
  const bool sgd = settings.name == "sgd" || settings.name == "lars";
  if (sgd && settings.dampening != 0) return "the host looks for first gradients where there is dampening";
  if (settings.name != "lars") return "";
  const bool by_number = settings.lars_clip || settings.lars_variant == LarsVariant::simclr ||
                         settings.lars_variant == LarsVariant::simclr_popular;
  return by_number ? "this kind of lars takes the learning rate as a number" : "";
}

void Optimizer::hold(const StepRates& rates) {
  require(groups() != nullptr, "an optimizer that cannot hold rates");
  hold_rates(*groups(), rates, rates_G_);
  held_ = rates;
}

bool is_norm_or_bias(NormsAndBiases which, const std::string& name, int64_t dims) {
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  switch (which) {
    case NormsAndBiases::below_2d: return dims < 2;
    case NormsAndBiases::exactly_1d: return dims == 1;
    case NormsAndBiases::below_2d_or_bias: return dims < 2 || name == "bias" || name.ends_with(".bias");
    case NormsAndBiases::named: return has("bn") || has("norm") || has("bias") || has("gamma");
  }
  throw InternalError("internal error: unknown kind of norms and biases");
}

bool is_decayed(const OptimizerSettings& settings, const OptimizerParameter& parameter) {
  if (!parameter.rule.decays) return false;
  for (const std::string& name : settings.undecayed) {
    if (parameter.name == name || parameter.name.ends_with("." + name)) return false;
  }
  return settings.decay_norms_and_biases ||
         !is_norm_or_bias(settings.norms_and_biases, parameter.name, parameter.tensor.dim());
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<OptimizerParameter>& parameters) {
  check_optimizer(settings);
  if (settings.name == "sgd" || settings.name == "lars") return make_sgd(settings, parameters);
  if (settings.name == "lamb") return make_lamb(settings, parameters);
  return std::make_unique<Adam>(settings, parameters);
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<NamedTensor>& parameters) {
  std::vector<OptimizerParameter> alike;
  for (const auto& [name, tensor] : parameters) alike.push_back({name, tensor});
  return make_optimizer(settings, alike);
}

Tensor gradient_norms(const std::vector<NamedTensor>& parameters) {
  const at::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters) {
    gradients.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros({}, parameter.options()));
  }
  return norms(gradients);
}

Tensor clip_gradients(const std::vector<NamedTensor>& parameters, double max_norm, Clipping clipping) {
  const at::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return parameters.empty() ? at::zeros({}) : at::zeros({}, parameters[0].second.options());
  const Tensor norms_P = norms(gradients), norm = norms_P.norm();
  if (max_norm <= 0) return norm;
  if (clipping == Clipping::per_parameter) {
    scale_each(gradients, (norms_P + 1e-6).reciprocal().mul(max_norm).clamp_max(1));
  } else {
    // In double until it is applied; a factor of 1 leaves every bit.
    const Tensor precise = norm.to(at::kDouble);
    const Tensor factor = at::full_like(precise, max_norm).div_(precise + 1e-6).clamp_max_(1);
    at::_foreach_mul_(gradients, factor.to(gradients[0].scalar_type()));
  }
  return norm;
}

}  // namespace sslbench
