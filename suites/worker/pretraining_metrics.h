// SPDX-License-Identifier: Apache-2.0
// What is recorded of a pretraining beside its curves and costs.
#pragma once

#include <vector>

#include "datasets/stream/image_set.h"
#include "methods/method.h"
#include "suites/plan/run_spec.h"
#include "suites/training/meters/step_phases.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_loop.h"

namespace sslbench {

std::vector<Metric> pretraining_metrics();

// What the loss is of a method that has learnt nothing, where it declares one; the report holds the loss against it.
void add_chance_loss(const RunSpec& spec, MethodInput input, int64_t examples, StageRecord& record);
// Images a second over all steps; nothing where none was counted.
void add_mean_throughput(const PhaseTimes& times, StageRecord& record);
// What a step computes; nothing where an older program took the first one.
void add_matrix_work(const TrainOutcome& outcome, StageRecord& record);
// Where the time of steps went; nothing where none was counted.
void add_step_times(const PhaseTimes& times, StageRecord& record);
// What precision = "fp16" did to its steps; nothing where no loss was scaled.
void add_loss_scale(const TrainOutcome& outcome, StageRecord& record);
// What on_corrupt = "skip" replaced.
void add_skipped(const ImageSet& images, StageRecord& record);

}  // namespace sslbench
