// SPDX-License-Identifier: Apache-2.0
// Slurm's programs, as they lie on the PATH. Each call ends in bounded time: a controller that is down makes them wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "suites/runner/schedulers/queue_states.h"

namespace sslbench {

// Whether sbatch is on the PATH.
bool has_slurm();

// Tasks that an array may have (MaxArraySize of `scontrol show config`); Slurm's default, 1001, where it does not say.
int64_t most_array_tasks();

struct SlurmAnswer {
  std::string id;         // of the job; "" when it was refused
  std::string refusal;    // what sbatch said
  bool too_many = false;  // a limit on jobs was the reason: fewer may be accepted
};
// `sbatch --parsable WORDS`.
SlurmAnswer submit_batch(const std::vector<std::string>& words);

// The tasks of these jobs that squeue knows; those that have ended are not among them. UserError when it cannot be
// asked or does not answer in time.
std::vector<QueuedTask> ask_queue(const std::vector<std::string>& jobs, std::chrono::milliseconds longest);

// Seconds of a limit as --time takes it (minutes, minutes:seconds, hours:minutes:seconds,
// days-hours[:minutes[:seconds]]); nothing when it is none.
std::optional<int64_t> limit_seconds(const std::string& text);
// The other way, in whole minutes: "2:05:00".
std::string limit_text(double seconds);

}  // namespace sslbench
