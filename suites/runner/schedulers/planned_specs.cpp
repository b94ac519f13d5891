// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/planned_specs.h"

#include <fcntl.h>
#include <unistd.h>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/handover/work_files.h"

namespace sslbench {
namespace {

// The whole file system of `folder`: an fsync a file takes minutes for thousands.
void sync_file_system(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::syncfs(fd);
  ::close(fd);
}

}  // namespace

void write_planned_specs(const std::vector<RunSpec>& runs) {
  if (runs.empty()) return;
  try {
    for (const RunSpec& run : runs) {
      AtomicFile file(runspec_file(run));
      file.write(run_spec_to_json(run).dump(1) + "\n");
      file.publish_unsynced();
    }
  } catch (const RunFailure& failure) {
    throw UserError("results folder " + runs.front().out.string() + " cannot be written: " + failure.what());
  }
  sync_file_system(runs.front().out);
}

void write_list(const std::vector<RunSpec>& runs, const std::filesystem::path& file) {
  std::string lines;
  for (const RunSpec& run : runs) lines += runspec_file(run).string() + "\n";
  write_atomically(file, lines);
}

}  // namespace sslbench
