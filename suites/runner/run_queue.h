// SPDX-License-Identifier: Apache-2.0
// RunQueue: carries out runs, each in a worker of its own, some at a time; a dead worker ends its run, never the suite.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "suites/handover/failure_file.h"
#include "suites/plan/catalog.h"
#include "suites/runner/device_pool.h"
#include "suites/runner/progress/expected_times.h"
#include "suites/runner/progress/progress_view.h"
#include "suites/runner/run_log.h"
#include "suites/runner/worker_run.h"

namespace sslbench {

struct RunResult {
  enum class State { finished, failed, interrupted, not_started };
  RunSpec run;
  State state = State::not_started;
  std::string status;   // of the attempt: "ok", "collapsed", "failed(<kind>)"; "" when it has none
  std::string message;  // of a failure
};

struct QueueOptions {
  std::filesystem::path worker;
  int jobs = 1;
  std::chrono::seconds stall_limit{600};
  bool keep_work = false;
  ExpectedTimes expected;
  size_t done_before = 0;                       // runs of the suite that are left alone, for the count that is shown
  std::set<std::string> discounted;             // runs whose final record counts no more: a failure takes its place
  std::vector<Device> devices;                  // to spread the runs over; none: each on its own device
  std::map<std::string, int64_t> device_bytes;  // run name -> memory of a device that it needs, where known
  std::optional<int> joined;  // the rank of this process, where a launcher starts a front end for each
  // Stop signals this soon after the first are the same request; SIGINT never is.
  std::chrono::milliseconds same_request{0};
};

class RunQueue {
 public:
  // All references outlive the queue.
  RunQueue(QueueOptions options, const Catalog& catalog, ProgressView& view, RunLog& log);

  // Carries out `runs` in this order and returns one result each, in the order of ending. The first SIGINT, SIGTERM,
  // SIGUSR1 or SIGHUP asks every worker to save and stop and starts no more; the second kills them.
  std::vector<RunResult> carry_out(std::vector<RunSpec> runs);

 private:
  // One run that fits on what is free, the first in line; false when there is none.
  bool start_next();
  void start(RunSpec run, std::vector<std::string> devices);
  int64_t bytes_of(const RunSpec& run) const;
  void reap();
  void obey(int signal);
  void finish(const RunSpec& run, const WorkerEnd& end, double seconds);
  // A final record of an earlier attempt stays where it counts; else the failure becomes the record.
  void fail(const RunSpec& run, const WorkerFailure& failure, double seconds);
  // What a finished run's stages took, for those that are alike.
  void learn(const RunSpec& run);
  void add(RunResult result, double seconds);
  Situation situation() const;

  QueueOptions options_;
  const Catalog& catalog_;
  ProgressView& view_;
  RunLog& log_;
  DevicePool pool_;
  std::deque<RunSpec> waiting_;  // next one first
  struct Running {
    std::unique_ptr<WorkerRun> worker;
    std::vector<std::string> devices;
  };
  std::vector<Running> running_;
  std::vector<RunResult> results_;
  std::vector<double> seconds_;
  int stops_ = 0;  // signals obeyed so far
  Clock::time_point stopped_at_;
};

// The order in which runs are best started: the longest first, by expected seconds where all are known, else by epochs
// times views.
std::vector<RunSpec> longest_first(std::vector<RunSpec> runs, const ExpectedTimes& expected, const Catalog& catalog);

}  // namespace sslbench
