// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

struct OptimizerSettings {
  std::string name = "adamw";          // sgd, adam or adamw, with torch.optim's update rules
  double weight_decay = 1e-4;          // adam: added to the gradient (L2); adamw: decoupled
  double momentum = 0.9;               // sgd only
  bool decay_norms_and_biases = true;  // false: parameters of fewer than two dimensions are not decayed
};

// Fused updates in place (one call a parameter group), no allocation after the first step.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // One update from the gradients of the parameters; those without gradient are left alone. Learning rate as given.
  virtual void step(double learning_rate) = 0;
  // All state by name ("momentum.<parameter>"), for checkpoints and state hashes; exists before the first step.
  virtual std::vector<NamedTensor> state() const = 0;
};

// `parameters` are the trainable ones, with names. UserError on an unknown optimizer name.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings, std::vector<NamedTensor> parameters);

// Scales all gradients by min(1, max_norm / (norm + 1e-6)); returns the norm before (torch.nn.utils.clip_grad_norm_).
// max_norm 0 only measures.
double clip_gradients(const std::vector<NamedTensor>& parameters, double max_norm);

}  // namespace sslbench
