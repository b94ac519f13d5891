// SPDX-License-Identifier: Apache-2.0
// Parameters that one fused or foreach call updates, with their state. Internal to the optimizers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/training/optimizer.h"

namespace sslbench {

// Which state tensors a group keeps for each parameter.
struct GroupState {
  bool second = false;   // second moment and, for its bias correction, the steps done
  bool largest = false;  // largest second moment so far (amsgrad)
  bool started = false;  // whether the parameter has had a gradient (0-d, on the CPU: it decides which call is made)
};

struct ParameterGroup {
  ParameterRule rule;
  bool adapts = false;  // layer-wise (lars, lamb)
  std::vector<std::string> names;
  std::vector<Tensor> parameters, first, second, largest, steps, started;
  Tensor held_rate;  // 0-d float32, by hold_rates()

  // On a GPU the rate is rounded to float32, which is all that its operators read of a tensor: a number and a tensor
  // then give the same bits.
  double rate(const StepRates& rates) const {
    const double out = rule.rate_scale * (rule.constant_rate ? rates.peak_rate : rates.learning_rate);
    return parameters.front().is_cuda() ? static_cast<float>(out) : out;
  }
  double decay(const StepRates& rates) const { return rule.decays ? rates.weight_decay : 0; }
};

// lightly's and timm's LARS, LAMB: only what is decayed is adapted, while the decay is not 0.
bool adapts_by_decay(const OptimizerSettings& settings);

// One group for every combination of rate, decay and adaptation, in order of appearance.
std::vector<ParameterGroup> make_groups(const OptimizerSettings& settings,
                                        const std::vector<OptimizerParameter>& parameters, const GroupState& state);

std::vector<NamedTensor> group_state(const std::vector<ParameterGroup>& groups);

// Writes the groups' rates to `rates_G`, which it makes the first time, and whose parts are the groups' held_rate.
void hold_rates(std::vector<ParameterGroup>& groups, const StepRates& rates, Tensor& rates_G);

// The members of a group that have a gradient now.
struct ActiveParameters {
  std::vector<Tensor> parameters, gradients, first, second, largest, steps;
};
ActiveParameters active(const ParameterGroup& group);
// Only those whose first gradient this is, or is not.
ActiveParameters active_first(const ParameterGroup& group, bool first_gradient);

// As the fused operators take it.
std::optional<Tensor> given(const Tensor& skip);

// tensors[i] *= factors_P[i], without a copy to the CPU.
void scale_each(const std::vector<Tensor>& tensors, const Tensor& factors_P);
// Euclidean norms, [P].
Tensor norms(const std::vector<Tensor>& tensors);

// suites/training/lamb.cpp
std::unique_ptr<Optimizer> make_lamb(const OptimizerSettings& settings,
                                     const std::vector<OptimizerParameter>& parameters);
// suites/training/sgd.cpp: sgd and lars
std::unique_ptr<Optimizer> make_sgd(const OptimizerSettings& settings,
                                    const std::vector<OptimizerParameter>& parameters);

}  // namespace sslbench
