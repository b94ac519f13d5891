// SPDX-License-Identifier: Apache-2.0
// Questions to the worker that need no training: is a run well put, and how long does a step take?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Lets `sslbench-worker check` construct one run of every new id without data. A good answer is kept (in
// $XDG_CACHE_HOME/sslbench/checks, for this worker program); the first bad one is a UserError.
void check_runs(const std::vector<RunSpec>& runs);

struct Calibration {
  double step_seconds = 0;
  int64_t steps = 0;            // of the whole pretraining
  double protocol_seconds = 0;  // of the protocols that train, with all trials of theirs
  int64_t peak_memory_bytes = 0;

  double seconds() const { return step_seconds * static_cast<double>(steps) + protocol_seconds; }
};
// Takes a few training steps in a worker (needs the data). UserError with what the worker said when it cannot.
Calibration calibrate_run(const RunSpec& run);

}  // namespace sslbench
