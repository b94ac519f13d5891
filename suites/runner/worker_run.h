// SPDX-License-Identifier: Apache-2.0
// One run at work: its worker, or one worker for each of its ranks.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "suites/handover/failure_file.h"
#include "suites/handover/progress_file.h"
#include "suites/plan/run_spec.h"
#include "suites/runner/failed_record.h"
#include "suites/runner/process.h"
#include "suites/runner/rank_group.h"
#include "suites/runner/record_watch.h"

namespace sslbench {

using Clock = std::chrono::steady_clock;

struct WorkerEnd {
  enum class Kind { finished, failed, interrupted };
  Kind kind = Kind::failed;
  std::string status;      // of the record when finished: "ok" or "collapsed"
  WorkerFailure failure;   // when failed
  std::string afterwards;  // when finished: how it died after its record was whole, else ""
};

// What an ended worker means when it published no final record. `stopping`: it was asked to stop, so dying of the
// request is no failure. `kernel_killed`: the kernel killed some process for memory meanwhile.
WorkerEnd judge_end(const RankEnd& end, const RunSpec& run, bool stopping, bool kernel_killed = false);

class WorkerRun {
 public:
  // Writes work/<run>/runspec.json and starts the workers with their log in work/<run>/log. devices: of the ranks,
  // where they are not the run's own device. RunFailure(storage) when the folder cannot be written, UserError when the
  // program cannot be started.
  // joined: as RankGroup's.
  WorkerRun(RunSpec run, const std::filesystem::path& worker, const std::vector<std::string>& devices = {},
            std::optional<int> joined = {});

  // Returns nothing while the worker runs. Kills it (failure `timeout`) when its progress file has not changed for
  // `stall_limit`. A final record published since the start is success, whatever the worker died of.
  std::optional<WorkerEnd> poll(std::chrono::seconds stall_limit);

  void ask_to_stop();  // SIGTERM: it saves at the next step boundary
  void kill();         // SIGKILL

  const RunSpec& run() const { return run_; }
  const std::optional<RunProgress>& progress() const { return progress_; }
  Clock::time_point started() const { return started_; }

 private:
  void watch(std::chrono::seconds stall_limit);

  RunSpec run_;
  RecordWatch record_;
  std::optional<RankGroup> group_;
  Clock::time_point started_, changed_;
  std::string last_progress_;
  std::optional<RunProgress> progress_;
  bool stopping_ = false;
  int64_t kills_before_ = 0;
  std::optional<WorkerFailure> stalled_;
};

}  // namespace sslbench
