// SPDX-License-Identifier: Apache-2.0
// Momentum encoders: networks without gradient that follow trained ones.
#pragma once

#include <string>
#include <vector>

#include "methods/method.h"

namespace sslbench {

// target = m target + (1 - m) online, with `complement` = 1 - m (formed in double: m near 1 loses it in float).
void move_towards(const std::vector<Tensor>& targets, const std::vector<Tensor>& online, double complement);

// How buffers (batch-norm statistics) of a momentum encoder come about.
enum class MomentumBuffers {
  own,     // from its own forward passes in train mode (BYOL's and MoCo's code, lightly, solo-learn)
  copied,  // the online network's, after every step
};

// Pairs of modules of which the second follows the first; they must outlive this. Tensors are looked up at the first
// update, since Module::place() gives them new memory.
class MomentumPairs {
 public:
  explicit MomentumPairs(MomentumBuffers buffers) : buffers_(buffers) {}
  // Makes `target` an exact, frozen copy of `online`. The target's owner registers it as a child.
  void follow(Module& online, Module& target);
  // One step: parameters move towards the online ones by 1 - momentum.
  void update(double momentum);

 private:
  void look_up();

  MomentumBuffers buffers_;
  std::vector<std::pair<const Module*, const Module*>> pairs_;  // online, target
  std::vector<Tensor> online_, targets_, online_buffers_, target_buffers_;
};

// m over the training, from the options momentum, momentum_end and momentum_schedule.
class MomentumSchedule {
 public:
  explicit MomentumSchedule(const Settings& settings);
  // `progress` of the step just done (Method::after_step).
  double at(const Progress& progress) const;

 private:
  double start_, end_;
  std::string kind_;
};

// The options momentum, momentum_end, momentum_schedule and momentum_buffers, with the authors' values.
std::vector<Option> momentum_options(double start, double end, const std::string& schedule);
MomentumBuffers momentum_buffers(const Settings& settings);

}  // namespace sslbench
