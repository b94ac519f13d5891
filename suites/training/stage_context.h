// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "reports/record/record.h"
#include "suites/training/resource_meter.h"

namespace sslbench {

// Thrown by a stage because a stop was asked for: training saves first, what is short (features, probes, evaluation) is
// simply done again. Not an error.
struct Interrupted {};

// Bytes of tensors that training keeps from step to step.
struct KeptTensors {
  int64_t state = 0;      // parameters, buffers (those of teachers and queues, too), the optimizer's
  int64_t gradients = 0;  // at the end of a backward pass

  int64_t bytes() const { return state + gradients; }
};

// What a stage needs of the run it belongs to.
struct StageContext {
  StageRecord& record;         // name and key are set; the stage fills in the rest
  std::filesystem::path work;  // folder for checkpoints and live curves
  at::Device device = at::kCPU;
  uint64_t seed = 0;                // root seed of the run
  Resources earlier;                // what interrupted attempts at this stage cost; set by a loop that resumes
  KeptTensors kept = {};            // set by the training loop before its first step
  std::function<Resources()> used;  // what this attempt cost so far on all ranks, which ask for it together
  std::function<void(int64_t step, int64_t steps, double images_per_second)> progress;
  std::function<void(double loss)> loss;  // each that is logged; may be empty
  // To be asked at least every few seconds: also tells the front end that the stage is alive.
  std::function<bool()> stop_requested;
  // For a stage whose first steps, up to number `end`, say nothing of those after them: whether it is only rehearsed,
  // to be timed, and enough of them were seen. Then it goes on behind them with what it has.
  std::function<bool(int64_t end)> seen_enough = [](int64_t) { return false; };
  // Takes what a reader of the record must know about this stage, besides its numbers; may be empty.
  std::function<void(const std::string&)> note;
};

}  // namespace sslbench
