// SPDX-License-Identifier: Apache-2.0
// The files of a run's work folder that both programs know, by name.
#pragma once

#include <filesystem>
#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

inline std::filesystem::path runspec_file(const RunSpec& run) { return run.work_folder() / "runspec.json"; }
inline std::filesystem::path log_file(const RunSpec& run) { return run.work_folder() / "log"; }
inline std::filesystem::path lock_file(const RunSpec& run) { return run.work_folder() / "lock"; }
inline std::filesystem::path progress_file(const RunSpec& run) { return run.work_folder() / "progress.json"; }
inline std::filesystem::path failure_file(const RunSpec& run) { return run.work_folder() / "failure.json"; }

// A record of one finished stage.
inline std::filesystem::path fragment_file(const RunSpec& run, const std::string& row) {
  return run.work_folder() / ("stage-" + row + ".h5");
}

}  // namespace sslbench
