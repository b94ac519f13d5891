// SPDX-License-Identifier: Apache-2.0
// The processes that carry out one run: a worker, or one for each rank.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "suites/plan/run_spec.h"
#include "suites/runner/process.h"

namespace sslbench {

// How one rank of a run ended.
struct RankEnd {
  int rank = 0;
  ProcessEnd end;
  bool silent = false;  // killed by us, because it did not end when the others had
};

// Of several ends the one that tells why the run ended, and not its echoes: a rank that failed or died, else one that
// fell silent, else one that was interrupted, else one that lost another, else the first rank's.
RankEnd first_cause(const std::vector<RankEnd>& ends);

class RankGroup {
 public:
  // Starts run.ranks processes on this machine; they meet on its loopback. devices: of the ranks, where they are not
  // the run's own device. Where a launcher starts a front end for each rank (`joined`: which one is this), only that
  // rank's, which meets the others as the launcher's environment says. UserError when the program cannot be started,
  // RunFailure(storage, oom) as start_process().
  RankGroup(const RunSpec& run, const std::filesystem::path& worker, const std::vector<std::string>& devices = {},
            std::optional<int> joined = {});

  // Nothing while one of them runs. Once a rank has failed the others have 10 s to end, too, or the timeout of a step
  // (SSLBENCH_RANK_TIMEOUT) where that is less.
  std::optional<RankEnd> poll();
  void signal(int number) const;

 private:
  struct Member {
    int rank;
    pid_t pid;
    bool silent = false;
  };
  void start_all(const RunSpec& run, const std::filesystem::path& worker, const std::vector<std::string>& devices);
  void start(const RunSpec& run, const std::filesystem::path& worker, int rank,
             const std::map<std::string, std::string>& environment);

  std::chrono::milliseconds patience_;
  std::vector<Member> alive_;
  std::vector<RankEnd> ends_;
  std::optional<std::chrono::steady_clock::time_point> failed_at_;
};

// Where a rank writes what it says: work/<run>/log, and log.rank1 and so on beside it.
std::filesystem::path rank_log_file(const RunSpec& run, int rank);

}  // namespace sslbench
