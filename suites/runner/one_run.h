// SPDX-License-Identifier: Apache-2.0
// One run from its RunSpec file: what `sslbench run --spec` does, and with it every task of a scheduler. It reads no
// plan and no record but its own, and holds no lock but the run's, so that any number of them share a results folder.
#pragma once

#include <chrono>
#include <filesystem>

#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"
#include "suites/runner/progress/progress_view.h"
#include "suites/runner/run_queue.h"

namespace sslbench {

// The run that OUT/work/<run>/runspec.json describes, in the OUT that the file lies in, wherever it was planned. The
// file may come from elsewhere: UserError when it is no RunSpec, lies anywhere else, or is to write through a link.
RunSpec planned_run(const std::filesystem::path& file);

// The status of the final record of the run that such a file described, where the file went with the run's work folder;
// none where that is still to be carried out.
std::optional<std::string> done_before(const std::filesystem::path& file);

// Whether a process watches the run, or a worker is at work on it.
bool is_carried_out(const RunSpec& run);

struct OneRunOptions {
  std::filesystem::path worker;
  std::chrono::seconds stall_limit{600};
  bool keep_work = false;
  std::chrono::milliseconds old_worker_wait{60'000};  // for one whose front end was killed and that still saves
};

// Carries the run out, as RunQueue does, unless its record is final already; where a launcher starts this for each
// rank, the first one does all that and the others carry out their share. Stop signals that follow each other closely
// are one request: schedulers signal every process of a task, and their launchers pass it on. UserError when another
// process is at work on the run, or when the program or the device that it was planned for is not here.
RunResult carry_out_one(RunSpec run, const OneRunOptions& options, const Catalog& catalog, ProgressView& view);

}  // namespace sslbench
