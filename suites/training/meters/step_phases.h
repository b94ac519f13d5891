// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "suites/ground/wall_clock.h"

namespace sslbench {

// What a training's time goes into. `rest`: logs, hashes, checkpoints, looks.
enum class Phase : uint8_t { rest, batch, forward, backward, update };

// Host time by phase: on a GPU, whose work is only queued, it says nothing of the device.
class StepPhases {
 public:
  // What was begun ends, this begins.
  void enter(Phase phase) {
    const double now = wall_clock();
    seconds_[static_cast<size_t>(current_)] += now - since_;
    current_ = phase, since_ = now;
  }
  // Forgets what was: set-up.
  void restart() { seconds_ = {}, since_ = wall_clock(); }
  // Of the time since then, up to the last phase entered; 0 where there is none.
  double share(Phase phase) const {
    double all = 0;
    for (const double each : seconds_) all += each;
    return all > 0 ? seconds_[static_cast<size_t>(phase)] / all : 0;
  }

 private:
  std::array<double, 5> seconds_{};
  Phase current_ = Phase::rest;
  double since_ = wall_clock();
};

}  // namespace sslbench
