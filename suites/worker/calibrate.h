// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Takes up to 20 training steps (at most 15 s) in a throw-away folder, of the pretraining and of every protocol that
// trains; where nothing is trained, features of a few batches of images. What spec.reuse names is left out. Returns
// {"step_seconds", "steps" of the whole pretraining, or images that the protocols take features of,
// "protocol_seconds" of the other protocols with all their trials, "peak_memory_bytes"} as JSON text; 0 seconds where
// it was too slow to tell.
std::string calibrate(const RunSpec& spec);

}  // namespace sslbench
