// SPDX-License-Identifier: Apache-2.0
// The only training loop: pretraining and fine-tuning both go through it. It keeps resume, hashes and log; what a step
// gets is suites/training/prepared_steps.h, what it does suites/training/step.h.
#pragma once

#include "suites/training/meters/step_phases.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_settings.h"
#include "suites/training/train_task.h"

namespace sslbench {

struct TrainOutcome {
  int64_t steps = 0;
  int64_t images = 0;            // source images seen, views not counted
  double images_per_second = 0;  // median of windows; the first two steps after a start are set-up
  double setup_seconds = 0;      // those steps and the loading of a checkpoint
  double final_loss = 0;
  bool collapsed = false;          // embeddings ended within 1 % of a constant
  double operations_an_image = 0;  // of the first step, by MatrixWork; 0: an older program took it
  PhaseTimes phases = {};          // of all attempts, set-up and evaluations apart
  // Of fp16: steps that changed nothing since a gradient was not finite, and the last scale; -1: none was scaled.
  double skipped_steps = -1, loss_scale = -1;
};

// Trains from the newest checkpoint of this stage, or from the start, to the end. Curves (loss, its terms,
// learning_rate, gradient_norm, loss_scale, embedding_std), state hashes, images and speed go into the context's
// record, what it keeps in memory into the context. Throws Interrupted after saving when a stop was asked for,
// RunFailure(non_finite) when a step had a loss or gradient that is not finite: some steps later
// (suites/training/pending_scalars.h), but before a curve or a checkpoint holds any of them.
TrainOutcome train(const TrainTask& task, const TrainSettings& settings, StageContext& context);

}  // namespace sslbench
