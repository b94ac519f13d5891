// SPDX-License-Identifier: Apache-2.0
// The only training loop: pretraining and fine-tuning both go through it.
#pragma once

#include <functional>

#include "datasets/batches/sample_order.h"
#include "methods/method.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_settings.h"

namespace sslbench {

// One step's data, in two closures for the training thread: its loss (under autocast when the settings say so), and a
// look at it without gradient.
struct PreparedStep {
  std::function<Loss(const Progress&)> loss;
  std::function<void()> observe;  // only called when the task observes first
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
  bool observes_first = false;  // whether the first epoch passes through `observe` before the first step
};

struct TrainOutcome {
  int64_t steps = 0;
  int64_t images = 0;            // source images seen, views not counted
  double images_per_second = 0;  // median of windows; the first two steps after a start are set-up
  double setup_seconds = 0;      // those steps and the loading of a checkpoint
  double final_loss = 0;
  bool collapsed = false;  // embeddings ended within 1 % of a constant
};

// Trains from the newest checkpoint of this stage, or from the start, to the end. Curves (loss, its terms,
// learning_rate, gradient_norm, embedding_std) and state hashes go into the context's record. Throws Interrupted after
// saving when a stop was asked for, RunFailure(non_finite) before an update with a loss or gradient that is not finite.
TrainOutcome train(const TrainTask& task, const TrainSettings& settings, StageContext& context);

}  // namespace sslbench
