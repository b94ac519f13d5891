// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Takes the beginning of every stage (0.7 s or 18 steps of each, some batches of images for features) in a
// throw-away folder and tells what the whole would take. What spec.reuse names is left out. Pretraining takes no more
// than `memory` further bytes of tensors on a processor: where its batch needs more, a part of the batch foretells it.
// Returns as JSON text {"stages": {row: {"seconds", null where it was too slow to tell, "process_bytes",
// "device_bytes" (-1: no device)}}, "disk_bytes", and of the pretraining "step_seconds", "steps", "batch_bytes" (of the
// peak on its device, what grows with the batch) and "image_bytes" (the same of each image of a batch)}.
std::string calibrate(const RunSpec& spec, int64_t memory);

}  // namespace sslbench
