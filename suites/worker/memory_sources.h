// SPDX-License-Identifier: Apache-2.0
// What the peak memory of a pretraining consists of. The rest of the process (libraries, threads) is what is left of
// its own peak.
#pragma once

#include <vector>

#include "datasets/stream/image_set.h"
#include "suites/training/stage_context.h"

namespace sslbench {

std::vector<Metric> memory_sources();

// Most bytes of tensors at once beside the kept ones: activations, and batches prepared ahead. They grow with the
// batch.
int64_t batch_bytes(const Resources& used, const KeptTensors& kept);

void add_memory_sources(const ImageSet& images, StageContext& context);

}  // namespace sslbench
