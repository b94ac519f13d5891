// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Takes up to 20 training steps (at most 15 s) in a throw-away folder; where nothing is trained, features of a few
// batches of images. Returns {"step_seconds", "steps" of the whole pretraining, or images that the protocols take
// features of, "peak_memory_bytes"} as JSON text; 0 seconds where it was too slow to tell.
std::string calibrate(const RunSpec& spec);

}  // namespace sslbench
