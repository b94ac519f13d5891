// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/batches/sample_order.h"
#include "methods/method.h"

namespace sslbench {

// One step's data, in two closures for the training thread: its loss (under autocast when the settings say so), and a
// look at it without gradient.
struct PreparedStep {
  std::function<Loss(const Progress&)> loss;
  std::function<void()> observe;  // only called when the task observes first
  // Where a step's batch comes in parts (TrainSettings::accumulate): this part's share of the images, and the others.
  double share = 1;
  std::vector<PreparedStep> rest = {};
  // The tensors that `loss` reads of the batch, and all that it reads of it: a step that is captured puts others of
  // the same shapes into their places. Empty: it cannot be captured.
  std::vector<Tensor*> tensors = {};
};

// What is trained on what.
struct TrainTask {
  Module& module;          // everything that a checkpoint holds, besides the optimizer
  int64_t examples = 0;    // of the training set
  int64_t step_bytes = 0;  // about what `prepare` makes
  // Prepares one step's data, possibly on another thread.
  std::function<PreparedStep(const BatchPlan&)> prepare;
  std::function<void(const Progress&)> after_backward, after_step;  // may be empty
  std::function<ParameterRule(const std::string&)> rule;            // may be empty: all parameters alike
  std::function<std::vector<double>(const Progress&)> host_values;  // Method::host_values; may be empty: none
  // Values of curves, asked between steps at the ends of TrainSettings::evaluate_every and of the training; leaves the
  // weights as they are. May be empty.
  std::function<std::vector<std::pair<std::string, double>>(int64_t step)> evaluate;
  bool observes_first = false;  // whether the first epoch passes through `observe` before the first step
};

}  // namespace sslbench
