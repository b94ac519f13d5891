// SPDX-License-Identifier: Apache-2.0
// work/<run>/failure.json: why a worker gave up.
#pragma once

#include <cstdint>
#include <string>

#include "suites/ground/error.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

struct WorkerFailure {
  FailureKind kind = FailureKind::internal;
  std::string message;
  std::string stage;  // row name, "" when not known
  int64_t step = -1;  // -1: not known

  // "loss is not finite (stage pretrain, step 120)"
  std::string text() const;
};

// RunFailure(storage) when it cannot be written.
void write_failure(const RunSpec& run, const WorkerFailure& failure);

// Kind internal when the file is missing or not whole.
WorkerFailure read_failure(const RunSpec& run);

}  // namespace sslbench
