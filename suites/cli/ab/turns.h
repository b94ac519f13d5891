// SPDX-License-Identifier: Apache-2.0
// Two commands that share the machine in turns: one is stopped while the other works, some milliseconds each, in the
// order A B B A. What disturbs the machine for longer than a few turns (other people's work, heat) disturbs both alike.
#pragma once

#include <chrono>

#include "suites/runner/process.h"
#include "suites/runner/signals.h"

namespace sslbench {

// Measured beside two busy processes on two cores, the ratio of processor times of two equal runs of 1.4 s has a
// deviation of 2.3 % with turns of 50 ms, and of 14 % when one follows the other.
inline constexpr auto kTurn = std::chrono::milliseconds(20);
// On a GPU a stopped program's queue is worked off in the other one's turn: long turns make little of it.
inline constexpr auto kGpuTurn = std::chrono::milliseconds(500);

struct TurnsEnd {
  ProcessEnd first, second;
  bool interrupted = false;
};

// Starts both and lets them take turns, with all that they start, until both have ended. SIGINT, SIGTERM, SIGUSR1 and
// SIGHUP are handed on to both, as SIGINT, and end the turns. Errors as start_process().
TurnsEnd run_in_turns(const ProcessStart& first, const ProcessStart& second, std::chrono::milliseconds turn,
                      SignalWait& signals);

}  // namespace sslbench
