// SPDX-License-Identifier: Apache-2.0
#include "suites/training/optimizer.h"

#include "datasets/batches/aten.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEps = 1e-8;  // torch.optim's defaults

// Parameters that share one weight decay, with their state in the same order.
struct Group {
  double weight_decay = 0;
  std::vector<std::string> names;
  std::vector<Tensor> parameters, first, second, steps;  // first: momentum or exp_avg; second, steps: Adam only
};

// The members of a group that have a gradient now.
struct Active {
  std::vector<Tensor> parameters, gradients, first, second, steps;
};

// The fused kernels walk flat memory, so a gradient must have its parameter's strides.
Tensor in_layout_of(const Tensor& parameter, const Tensor& gradient) {
  if (gradient.strides() == parameter.strides() && gradient.scalar_type() == parameter.scalar_type()) return gradient;
  return at::zeros_like(parameter).copy_(gradient);
}

Active active(const Group& group) {
  Active out;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const Tensor& gradient = group.parameters[i].grad();
    if (!gradient.defined()) continue;
    out.parameters.push_back(group.parameters[i]);
    out.gradients.push_back(in_layout_of(group.parameters[i], gradient));
    out.first.push_back(group.first[i]);
    if (group.second.empty()) continue;
    out.second.push_back(group.second[i]);
    out.steps.push_back(group.steps[i]);
  }
  return out;
}

class FusedOptimizer final : public Optimizer {
 public:
  FusedOptimizer(const OptimizerSettings& settings, std::vector<NamedTensor> parameters) : settings_(settings) {
    groups_.resize(2);
    groups_[0].weight_decay = settings.weight_decay;
    groups_[1].weight_decay = settings.decay_norms_and_biases ? settings.weight_decay : 0;
    for (auto& [name, parameter] : parameters) {
      Group& group = groups_[parameter.dim() >= 2 ? 0 : 1];
      group.names.push_back(name);
      group.parameters.push_back(parameter);
      group.first.push_back(at::zeros_like(parameter).detach());
      if (settings.name == "sgd") continue;
      group.second.push_back(at::zeros_like(parameter).detach());
      group.steps.push_back(at::zeros({}, parameter.options().requires_grad(false)));
    }
  }

  void step(double learning_rate) override {
    const at::NoGradGuard no_grad;
    for (const Group& group : groups_) {
      Active now = active(group);
      if (now.parameters.empty()) continue;
      if (settings_.name == "sgd") {
        // The momentum buffer starts at 0, so the first step (momentum = gradient) needs no special case; the kernel
        // wants no buffers at all without momentum.
        const std::vector<Tensor> buffers = settings_.momentum == 0 ? std::vector<Tensor>{} : now.first;
        at::_fused_sgd_(now.parameters, now.gradients, buffers, group.weight_decay, settings_.momentum, learning_rate,
                        /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false, /*is_first_step=*/false);
        continue;
      }
      at::_foreach_add_(now.steps, 1);
      (settings_.name == "adam" ? adam : adamw)(now, learning_rate, group.weight_decay);
    }
  }

  std::vector<NamedTensor> state() const override {
    std::vector<NamedTensor> out;
    for (const Group& group : groups_) {
      for (size_t i = 0; i < group.names.size(); ++i) {
        out.emplace_back("first." + group.names[i], group.first[i]);
        if (group.second.empty()) continue;
        out.emplace_back("second." + group.names[i], group.second[i]);
        out.emplace_back("steps." + group.names[i], group.steps[i]);
      }
    }
    return out;
  }

 private:
  static void adam(Active& now, double learning_rate, double weight_decay) {
    at::_fused_adam_(now.parameters, now.gradients, now.first, now.second, {}, now.steps, learning_rate, kBeta1, kBeta2,
                     weight_decay, kEps, /*amsgrad=*/false, /*maximize=*/false);
  }
  static void adamw(Active& now, double learning_rate, double weight_decay) {
    at::_fused_adamw_(now.parameters, now.gradients, now.first, now.second, {}, now.steps, learning_rate, kBeta1,
                      kBeta2, weight_decay, kEps, /*amsgrad=*/false, /*maximize=*/false);
  }

  OptimizerSettings settings_;
  std::vector<Group> groups_;  // decayed and not decayed
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, std::vector<NamedTensor> parameters) {
  if (settings.name != "sgd" && settings.name != "adam" && settings.name != "adamw") {
    throw UserError("unknown optimizer '" + settings.name + "'; use sgd, adam or adamw");
  }
  return std::make_unique<FusedOptimizer>(settings, std::move(parameters));
}

double clip_gradients(const std::vector<NamedTensor>& parameters, double max_norm) {
  const at::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return 0;
  const double norm = at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
  if (max_norm > 0 && norm > max_norm) at::_foreach_mul_(gradients, max_norm / (norm + 1e-6));
  return norm;
}

}  // namespace sslbench
