// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "suites/tensors/ranks/ranks.h"
#include "suites/training/gradient_sum.h"
#include "suites/training/loss_scaler.h"
#include "suites/training/meters/step_phases.h"
#include "suites/training/train_settings.h"
#include "suites/training/train_task.h"

namespace sslbench {

// What a step leaves behind, all of it where the step ran and without gradient.
struct StepOutcome {
  Loss loss;                                // `total` and terms: this rank's share, which adds up to those of the batch
  Tensor gradient_norm;                     // 0-d, of all gradients together before clipping
  std::optional<LossScaling> scaling = {};  // of fp16: whether this step changed nothing
};

// One prepared batch -> forward, backward, update, momentum. Between the batch and its update the host reads no value
// back (scripts/check-source), so that it never waits for a GPU. Knows nothing of epochs, checkpoints and logs: that is
// the loop's. Of several ranks each takes its share of the batch and all end with the same weights. A batch in parts
// goes forward and backward part by part, and is one update. This one calls operation by operation (eager_step.cpp);
// captured_step.h has one that replays a graph.
class Step {
 public:
  // `task` must outlive the step.
  Step(const TrainTask& task, const TrainSettings& settings, at::Device device);
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  // `progress`: steps done before this one; `rates`: of this one.
  virtual StepOutcome operator()(const PreparedStep& prepared, const Progress& progress, const StepRates& rates);
  // For readers of the record: how the steps were carried out where that is not as always; else "".
  virtual std::string note() const { return ""; }
  // What it keeps from step to step besides the task's module, by name; exists before the first step.
  std::vector<NamedTensor> state() const;
  // Enters forward, backward, update, and `other` at its end; what is around a step is the loop's.
  StepPhases& phases() { return phases_; }
  // Of fp16.
  const std::optional<LossScaler>& scaler() const { return scaler_; }

 protected:
  // Forward, backward, update. Without rates by those that the optimizer holds.
  StepOutcome update(const PreparedStep& prepared, const Progress& progress, const StepRates* rates);
  // What the task does after it.
  void finish(const Progress& progress);

  const TrainTask& task_;
  std::unique_ptr<Optimizer> optimizer_;
  StepPhases phases_;

 private:
  // One part's; adds to the parameters' gradients.
  Loss add_gradients(const PreparedStep& part, const Progress& progress);
  Loss forward(const PreparedStep& part, const Progress& progress);

  at::DeviceType device_;
  AutocastType autocast_;
  Kernels kernels_;
  bool recompute_;
  double clip_norm_;
  Clipping clipping_;
  std::vector<NamedTensor> trainable_;
  Ranks& group_;
  GradientSum gradients_;
  std::optional<LossScaler> scaler_;  // of fp16
};

// As the settings ask.
std::unique_ptr<Step> make_step(const TrainTask& task, const TrainSettings& settings, at::Device device);

}  // namespace sslbench
