// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Takes the beginning of every stage (0.7 s or 18 steps of each, some batches of images for features) in a
// throw-away folder and tells what the whole would take. What spec.reuse names is left out. Returns as JSON text
// {"stages": {row:
// {"seconds", null where it was too slow to tell, "process_bytes"}}, and of the pretraining "step_seconds" and
// "steps"}.
std::string calibrate(const RunSpec& spec);

}  // namespace sslbench
