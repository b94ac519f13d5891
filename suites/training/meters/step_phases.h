// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "suites/ground/wall_clock.h"

namespace sslbench {

// What the time between two ends of steps goes into. `views`: preparing a batch, or waiting for the threads that do;
// `forward`: the loss of all parts of a batch; `backward`: their gradients, with their sum over ranks; `update`:
// clipping, optimizer, and what the method does after it (teachers, queues); `other`: logs, hashes, checkpoints.
enum class Phase : uint8_t { views, forward, backward, update, other };
inline constexpr size_t kPhases = 5;

struct PhaseTimes {
  int64_t steps = 0, images = 0;          // that were counted; source images
  std::array<double, kPhases> seconds{};  // by Phase, of these steps together

  // Source images a second over all that time; 0 where none was counted.
  double images_per_second() const {
    const double all = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    return all > 0 ? static_cast<double>(images) / all : 0;
  }
  double of(Phase phase) const { return seconds[static_cast<size_t>(phase)]; }
};

// Host time by phase: on a GPU, whose work is only queued, it says nothing of the device.
class StepPhases {
 public:
  // What was begun ends, this begins.
  void enter(Phase phase) {
    const double now = wall_clock();
    if (counts_) times_.seconds[static_cast<size_t>(current_)] += now - since_;
    current_ = phase, since_ = now;
  }
  // A step on `images` images has ended; set-up, which does not count, may go on with the next one.
  void step_ended(int64_t images, bool next_is_setup) {
    enter(Phase::other);
    if (counts_) ++times_.steps, times_.images += images;
    counts_ = !next_is_setup;
  }
  // The last `seconds` were none of training's.
  void leave_out(double seconds) { since_ += seconds; }

  // Up to the last phase entered.
  const PhaseTimes& times() const { return times_; }
  // To go on after an interruption.
  void restore(const PhaseTimes& times) { times_ = times; }

 private:
  PhaseTimes times_;
  Phase current_ = Phase::other;
  double since_ = wall_clock();
  bool counts_ = false;
};

}  // namespace sslbench
