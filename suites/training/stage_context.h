// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>

#include "reports/record.h"

namespace sslbench {

// Thrown by a stage after it has saved its state because a stop was asked for. Not an error.
struct Interrupted {};

// What a stage needs of the run it belongs to.
struct StageContext {
  StageRecord& record;         // name and key are set; the stage fills in the rest
  std::filesystem::path work;  // folder for checkpoints and live curves
  at::Device device = at::kCPU;
  uint64_t seed = 0;            // root seed of the run
  bool bf16_available = false;  // what precision = "auto" becomes
  std::function<void(int64_t step, int64_t steps, double images_per_second)> progress;
  std::function<bool()> stop_requested;
};

}  // namespace sslbench
