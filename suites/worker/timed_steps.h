// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suites/plan/run_spec.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// What the beginning of a stage tells about the whole of it.
struct TimedSteps {
  double step_seconds = 0;  // 0: too slow to tell
  int64_t steps = 0;        // of the whole stage
  double seconds = 0;       // of the whole stage; 0: not known
  Resources used;           // by what was carried out
  KeptTensors kept;         // of a training
};

// Carries out `body` in a throw-away folder until enough of its steps were timed (18, or 0.7 s of them; a minute
// where none comes). A stage that ends before took what it took.
TimedSteps time_steps(const RunSpec& spec, const std::string& stage, const std::vector<Metric>& metrics,
                      const std::function<void(StageContext&)>& body);

}  // namespace sslbench
