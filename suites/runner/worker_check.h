// SPDX-License-Identifier: Apache-2.0
// Questions to the worker that need no training: is a run well put, and how long does a step take?
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "suites/plan/run_spec.h"
#include "suites/plan/suite.h"
#include "suites/runner/cost_book.h"

namespace sslbench {

// Lets `sslbench-worker check` construct one run of every new id without data. A good answer is kept (in
// $XDG_CACHE_HOME/sslbench/checks, for this worker program); the first bad one is a UserError
// that names its row by `places`.
void check_runs(const std::vector<RunSpec>& runs, const RowPlaces& places = {});

// What the beginning of every stage foretells.
struct Calibration {
  struct Stage {
    std::optional<double> seconds;  // none: too slow to tell
    int64_t process_bytes = 0, device_bytes = -1;
  };
  std::map<std::string, Stage> stages;  // by row
  int64_t disk_bytes = 0;               // of the weights
  BatchMemory batch = {};               // of the pretraining
};
// Takes the beginning of the stages that run.reuse does not name, in a worker (needs the data). UserError with what the
// worker said when it cannot.
Calibration calibrate_run(const RunSpec& run);

}  // namespace sslbench
