// SPDX-License-Identifier: Apache-2.0
// Where the processes of one run meet, and as whom this one comes: the one place that reads a launcher's environment.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace sslbench {

struct Meeting {
  int rank = 0, size = 1;
  int local_rank = 0;              // among those of this machine: which of its devices is this rank's
  std::string host = "127.0.0.1";  // where rank 0 is, or the launcher that serves in its place
  int port = 29500;
  bool served = false;                // the launcher serves there already (torchrun)
  std::string key;                    // of this start of the launcher, the same for all its ranks; "" = not known
  std::string launcher = "sslbench";  // who started the ranks: "torchrun", "mpirun", "srun", or plain variables
  std::chrono::milliseconds start_timeout{600'000}, step_timeout{120'000};
};

using ReadVariable = std::function<const char*(const char*)>;  // as std::getenv

// From RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT (torchrun sets them, and `run --ranks`), else from what
// mpirun (OMPI_COMM_WORLD_*) or srun (SLURM_*) set; a size of 1 where none of them is there. Ranks of one machine meet
// on its loopback; those of several need MASTER_ADDR, but under srun, whose launching node is taken. Where no port is
// given it depends on the job, so that two jobs on one machine do not take the same.
// SSLBENCH_RANK_TIMEOUT (seconds) is the longest wait for a rank in a step, five times as long at the start.
// UserError names the variable that makes no sense.
Meeting meeting_from_environment(const ReadVariable& variable);
Meeting meeting_from_environment();

// UserError unless the launcher started as many ranks as `run` was planned for.
void expect_planned_ranks(const Meeting& meeting, const std::string& run, int ranks);

}  // namespace sslbench
