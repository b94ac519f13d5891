// SPDX-License-Identifier: Apache-2.0
#include "suites/training/parameter_group.h"

#include <algorithm>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool alike(const ParameterGroup& group, const ParameterRule& rule, bool adapts) {
  return group.rule.rate_scale == rule.rate_scale && group.rule.constant_rate == rule.constant_rate &&
         group.rule.decays == rule.decays && group.adapts == adapts;
}

ParameterGroup& group_for(std::vector<ParameterGroup>& groups, const ParameterRule& rule, bool adapts) {
  for (ParameterGroup& group : groups) {
    if (alike(group, rule, adapts)) return group;
  }
  groups.push_back({rule, adapts});
  return groups.back();
}

bool adapts(const OptimizerSettings& settings, const OptimizerParameter& parameter, bool decays) {
  if (settings.name != "lars" && settings.name != "lamb") return false;
  if (adapts_by_decay(settings)) return decays;
  return settings.lars_adapts_norms_and_biases ||
         !is_norm_or_bias(settings.norms_and_biases, parameter.name, parameter.tensor.dim());
}

// The fused kernels walk flat memory, so a gradient must have its parameter's strides.
Tensor in_layout_of(const Tensor& parameter, const Tensor& gradient) {
  if (gradient.strides() == parameter.strides() && gradient.scalar_type() == parameter.scalar_type()) return gradient;
  return at::zeros_like(parameter).copy_(gradient);
}

void add(ActiveParameters& out, const ParameterGroup& group, size_t i) {
  const Tensor& parameter = group.parameters[i];
  out.parameters.push_back(parameter);
  out.gradients.push_back(in_layout_of(parameter, parameter.grad()));
  out.first.push_back(group.first[i]);
  if (!group.second.empty()) out.second.push_back(group.second[i]);
  if (!group.largest.empty()) out.largest.push_back(group.largest[i]);
  if (!group.steps.empty()) out.steps.push_back(group.steps[i]);
}

}  // namespace

bool adapts_by_decay(const OptimizerSettings& settings) {
  return settings.name == "lamb" || settings.lars_variant == LarsVariant::lightly ||
         settings.lars_variant == LarsVariant::timm;
}

std::vector<ParameterGroup> make_groups(const OptimizerSettings& settings,
                                        const std::vector<OptimizerParameter>& parameters, const GroupState& state) {
  std::vector<ParameterGroup> groups;
  for (const OptimizerParameter& parameter : parameters) {
    ParameterRule rule = parameter.rule;
    rule.decays = is_decayed(settings, parameter);
    ParameterGroup& group = group_for(groups, rule, adapts(settings, parameter, rule.decays));
    const Tensor zero = at::zeros_like(parameter.tensor).detach();
    group.names.push_back(parameter.name);
    group.parameters.push_back(parameter.tensor);
    group.first.push_back(zero);
    if (state.second) {
      group.second.push_back(zero.clone());
      group.steps.push_back(at::zeros({}, zero.options()));
    }
    if (state.largest) group.largest.push_back(zero.clone());
    if (state.started) group.started.push_back(at::zeros({}, at::kFloat));
  }
  return groups;
}

std::vector<NamedTensor> group_state(const std::vector<ParameterGroup>& groups) {
  std::vector<NamedTensor> out;
  for (const ParameterGroup& group : groups) {
    const std::pair<const char*, const std::vector<Tensor>*> kinds[] = {{"first.", &group.first},
                                                                        {"second.", &group.second},
                                                                        {"largest.", &group.largest},
                                                                        {"steps.", &group.steps},
                                                                        {"started.", &group.started}};
    for (size_t i = 0; i < group.names.size(); ++i) {
      for (const auto& [prefix, tensors] : kinds) {
        if (!tensors->empty()) out.emplace_back(prefix + group.names[i], (*tensors)[i]);
      }
    }
  }
  return out;
}

void hold_rates(std::vector<ParameterGroup>& groups, const StepRates& rates, Tensor& rates_G) {
  if (groups.empty()) return;
  const at::Device device = groups.front().parameters.front().device();
  const auto count = static_cast<int64_t>(groups.size());
  Tensor now_G = at::empty({count}, at::TensorOptions(at::kFloat).pinned_memory(device.is_cuda()));
  auto* now = now_G.mutable_data_ptr<float>();
  for (const ParameterGroup& group : groups) *now++ = static_cast<float>(group.rate(rates));
  if (!rates_G.defined()) {
    rates_G = at::empty({count}, at::TensorOptions(at::kFloat).device(device));
    for (int64_t g = 0; g < count; ++g) groups[static_cast<size_t>(g)].held_rate = rates_G.select(0, g);
  }
  rates_G.copy_(now_G, /*non_blocking=*/true);
}

ActiveParameters active(const ParameterGroup& group) {
  ActiveParameters out;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    if (group.parameters[i].grad().defined()) add(out, group, i);
  }
  return out;
}

ActiveParameters active_first(const ParameterGroup& group, bool first_gradient) {
  ActiveParameters out;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const bool fresh = group.started[i].item<float>() == 0;  // host read: lies on the CPU
    if (group.parameters[i].grad().defined() && fresh == first_gradient) add(out, group, i);
  }
  return out;
}

std::optional<Tensor> given(const Tensor& skip) { return skip.defined() ? std::optional(skip) : std::nullopt; }

void scale_each(const std::vector<Tensor>& tensors, const Tensor& factors_P) {
  at::_foreach_mul_(tensors, factors_P.to(tensors.front().scalar_type()).unbind());
}

Tensor norms(const std::vector<Tensor>& tensors) { return at::stack(at::_foreach_norm(tensors, 2)); }

}  // namespace sslbench
