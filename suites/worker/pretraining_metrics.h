// SPDX-License-Identifier: Apache-2.0
// What is recorded of a pretraining beside its curves and costs.
#pragma once

#include <vector>

#include "datasets/stream/image_set.h"
#include "methods/method.h"
#include "suites/plan/run_spec.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_loop.h"

namespace sslbench {

std::vector<Metric> pretraining_metrics();

// What the loss is of a method that has learnt nothing, where it declares one; the report holds the loss against it.
void add_chance_loss(const RunSpec& spec, MethodInput input, int64_t examples, StageRecord& record);
// What a step's time went into; on a CPU, since the host only queues a GPU's work.
void add_phases(const TrainOutcome& outcome, const StageContext& context);
// What on_corrupt = "skip" replaced.
void add_skipped(const ImageSet& images, StageRecord& record);

}  // namespace sslbench
