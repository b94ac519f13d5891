// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/run_lock.h"

#include <thread>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

bool published_since(const RunSpec& spec, fs::file_time_type moment) {
  std::error_code none;
  const fs::file_time_type written = fs::last_write_time(spec.record_file(), none);
  if (none || written < moment) return false;
  try {
    return read_record(spec.record_file()).final();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

std::optional<FileLock> take_run_lock(const RunSpec& spec, std::chrono::milliseconds longest) {
  constexpr auto kPause = std::chrono::milliseconds(50);
  const fs::path file = lock_file(spec);
  const auto moment = fs::file_time_type::clock::now() - std::chrono::seconds(1);  // the file system's clock is coarser
  const auto until = std::chrono::steady_clock::now() + longest;
  std::string holder;
  for (bool waited = false;; waited = true) {
    if (auto lock = FileLock::try_take(file, holder)) {
      if (waited && published_since(spec, moment)) return std::nullopt;
      return lock;
    }
    if (std::chrono::steady_clock::now() >= until) {
      throw RunFailure(FailureKind::storage, "the run's folder is in use by " + holder);
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace sslbench
