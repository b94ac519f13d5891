// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/record/record.h"
#include "suites/training/meters/step_phases.h"
#include "suites/training/resource_meter.h"

namespace sslbench {

// What the training loop has counted so far, besides tensors: a checkpoint's notes.
struct LoopCounters {
  int64_t step = 0, images = 0;
  double loss = 0, embedding_std = -1;
  std::vector<double> windows;  // of throughput, images/s
  PhaseTimes phases;
  double operations_an_image = 0;  // 0: not counted
  Resources cost;                  // of all attempts
  std::vector<StateHash> hashes;   // by step
  int64_t ranks = 1;               // that took the last of these steps

  nlohmann::json notes() const;
  // Throws nlohmann::json::exception or std::logic_error on notes that it did not write.
  static LoopCounters from(int64_t step, const nlohmann::json& notes);
};

}  // namespace sslbench
