// SPDX-License-Identifier: Apache-2.0
// SGD with momentum, and LARS: SGD on gradients that are scaled layer by layer. You, Gitman, Ginsburg: "Large Batch
// Training of Convolutional Networks", arXiv:1708.03888.
//   g <- q (g + wd p),  m <- mu m + (1 - dampening) g,  p <- p - l m      (nesterov: p <- p - l (g + mu m))
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/parameter_group.h"

namespace sslbench {
namespace {

class Sgd final : public Optimizer {
 public:
  Sgd(const OptimizerSettings& settings, const std::vector<OptimizerParameter>& parameters)
      : Optimizer(settings.weight_decay),
        settings_(settings),
        groups_(make_groups(settings, parameters, {.started = settings.dampening != 0})) {}

  std::vector<NamedTensor> state() const override { return group_state(groups_); }

 protected:
  void update(const StepRates& rates, bool held, const Tensor& skip) override {
    if (skip.defined() && !can_skip(settings_)) throw InternalError("internal error: this sgd cannot skip a step");
    const at::NoGradGuard no_grad;
    skip_ = given(skip);
    for (const ParameterGroup& group : groups_) {
      if (settings_.dampening == 0) {
        // The buffer starts at 0, so the first step (momentum = gradient) needs no special case.
        update_group(active(group), group, rates, held, false);
        continue;
      }
      const ActiveParameters fresh = active_first(group, true), others = active_first(group, false);
      for (size_t i = 0; i < group.parameters.size(); ++i) {
        if (group.parameters[i].grad().defined()) group.started[i].fill_(1);
      }
      update_group(fresh, group, rates, held, true);
      update_group(others, group, rates, held, false);
    }
  }

  std::vector<ParameterGroup>* groups() override { return &groups_; }

 private:
  void update_group(const ActiveParameters& now, const ParameterGroup& group, const StepRates& rates, bool held,
                    bool first) const {
    if (now.parameters.empty()) return;
    const double rate = group.rate(rates), decay = group.decay(rates);
    const auto last = [&](double of_gradient) {
      held ? fused(now, of_gradient, group.held_rate, first) : fused(now, of_gradient, rate, first);
    };
    if (settings_.name == "sgd") return last(decay);
    if (settings_.lars_variant == LarsVariant::simclr_popular) return popular(now, group, decay, rate);
    if (group.adapts && (decay != 0 || !adapts_by_decay(settings_))) {
      adapt(now, decay, rate);
    } else if (decay != 0) {
      at::_foreach_add_(now.gradients, now.parameters, decay);
    }
    if (settings_.lars_variant != LarsVariant::simclr) return last(0);
    at::_foreach_mul_(now.gradients, rate);
    fused(now, 0, /*rate=*/1.0, first);
  }

  template <class Rate>  // a number, or a tensor
  void fused(const ActiveParameters& now, double decay, const Rate& rate, bool first) const {
    // The kernel wants no buffers at all without momentum.
    const std::vector<Tensor> buffers = settings_.momentum == 0 ? std::vector<Tensor>{} : now.first;
    at::_fused_sgd_(now.parameters, now.gradients, buffers, decay, settings_.momentum, rate, settings_.dampening,
                    settings_.nesterov, /*maximize=*/false, first && settings_.momentum != 0, /*grad_scale=*/{}, skip_);
  }

  // tc a / b, and `otherwise` where a or b is 0.
  Tensor ratio(const Tensor& a_P, const Tensor& b_P, const Tensor& denominator_P) const {
    const Tensor q_P = settings_.lars_trust * a_P / denominator_P;
    return at::where(a_P.gt(0).logical_and(b_P.gt(0)), q_P, at::ones_like(q_P));
  }

  // Gradients become q (g + wd p).
  void adapt(const ActiveParameters& now, double decay, double rate) const {
    const bool decayed_norm =
        settings_.lars_variant == LarsVariant::moco_v3 || settings_.lars_variant == LarsVariant::simclr;
    if (decayed_norm && decay != 0) at::_foreach_add_(now.gradients, now.parameters, decay);
    const Tensor p_P = norms(now.parameters), g_P = norms(now.gradients);
    const Tensor divisor_P = decayed_norm ? g_P : g_P + decay * p_P + settings_.eps;
    Tensor q_P = ratio(p_P, g_P, divisor_P);
    if (settings_.lars_clip) q_P = (q_P / rate).clamp_max(1);
    // lightly leaves a gradient of norm 0 at 0; where p is 0 its decay is 0 anyway.
    if (settings_.lars_variant == LarsVariant::lightly) q_P = q_P * g_P.gt(0);
    if (!decayed_norm && decay != 0) at::_foreach_add_(now.gradients, now.parameters, decay);
    scale_each(now.gradients, q_P);
  }

  // m = mu m + g, u = m (nesterov: mu m + g), p -= l tc |p| / |u| u
  void popular(const ActiveParameters& now, const ParameterGroup& group, double decay, double rate) const {
    if (decay != 0) at::_foreach_add_(now.gradients, now.parameters, decay);
    at::_foreach_mul_(now.first, settings_.momentum);
    at::_foreach_add_(now.first, now.gradients);
    if (settings_.nesterov) {
      at::_foreach_add_(now.gradients, now.first, settings_.momentum);
    } else {
      at::_foreach_copy_(now.gradients, now.first);
    }
    if (group.adapts) {
      const Tensor u_P = norms(now.gradients);
      scale_each(now.gradients, ratio(norms(now.parameters), u_P, u_P));
    }
    at::_foreach_add_(now.parameters, now.gradients, -rate);
  }

  OptimizerSettings settings_;
  std::vector<ParameterGroup> groups_;
  std::optional<Tensor> skip_;  // of the step that is made
};

}  // namespace

std::unique_ptr<Optimizer> make_sgd(const OptimizerSettings& settings,
                                    const std::vector<OptimizerParameter>& parameters) {
  return std::make_unique<Sgd>(settings, parameters);
}

}  // namespace sslbench
