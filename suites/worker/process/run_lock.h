// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "suites/files/file_lock.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// The lock on a run's folder. A worker whose front end was killed while it started may hold it: it saves and goes, and
// is waited for. Nothing when it published the run's final record instead: then there is no more to do.
// RunFailure(storage) when it still holds the lock after `longest`.
std::optional<FileLock> take_run_lock(const RunSpec& spec,
                                      std::chrono::milliseconds longest = std::chrono::seconds(10));

}  // namespace sslbench
