// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "suites/runner/progress/progress_view.h"
#include "suites/runner/run_queue.h"

namespace sslbench {

// Carries out rank `rank` (not the first) of a run whose launcher starts a front end for each: passes stop signals on
// and waits for the worker. The first rank's front end watches, judges and writes.
RunResult follow_rank(const RunSpec& run, int rank, const std::filesystem::path& worker, ProgressView& view);

}  // namespace sslbench
