// SPDX-License-Identifier: Apache-2.0
// Where a scheduler's queue has the runs that were submitted.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "suites/runner/schedulers/submission.h"

namespace sslbench {

// A task as `squeue -h -r -o "%i|%T|%r|%S|%N"` prints it.
struct QueuedTask {
  std::string job;     // "17" of "17_4"
  int64_t index = -1;  // 4; -1: no array
  std::string state;   // PENDING, RUNNING, ...
  std::string reason;  // why it waits
  std::string start;   // when it started or will, as ISO 8601; "N/A"
  std::string node;

  std::string name() const { return index < 0 ? job : job + "_" + std::to_string(index); }
  bool waits() const { return state == "PENDING"; }
  // The hour at which one that was put back may start again, as "09:17:56"; "" when none is set.
  std::string from() const;
};

// Lines that are none are left out.
std::vector<QueuedTask> parse_queue(const std::string& text);

struct QueueStates {
  struct Place {
    QueuedTask task;
    bool alone = true;  // the task's only run
  };
  std::map<std::string, Place> queued;  // by run name
  std::set<std::string> gone;           // submitted, and in the queue no more
};
QueueStates queue_states(const std::vector<Submission>& submissions, const std::vector<QueuedTask>& tasks);

// A warning where tasks are of runs that are not `planned`: the suite was changed after they were submitted. Names the
// command that ends those tasks that carry out nothing else; "" where there is no such task.
std::string unplanned_tasks_text(const QueueStates& states, const std::set<std::string>& planned);

}  // namespace sslbench
