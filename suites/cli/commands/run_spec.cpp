// SPDX-License-Identifier: Apache-2.0
// sslbench run --spec FILE: one run, as the task of a scheduler. Its exit codes are what schedulers decide by.
#include <iostream>

#include "suites/cli/commands/commands.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/one_run.h"
#include "suites/runner/programs.h"

namespace sslbench {

ExitCode run_spec(const RunOptions& options) {
  if (const auto status = done_before(options.spec)) {
    std::cerr << std::filesystem::path(options.spec).parent_path().filename().string() << ": done already (" << *status
              << ")\n";
    return ExitCode::done;
  }
  const RunSpec run = planned_run(options.spec);
  ProgressView view(stderr, false);  // for a log
  OneRunOptions how{worker_program(), std::chrono::seconds(options.stall_timeout), options.keep_work};
  switch (carry_out_one(run, how, load_catalog(), view).state) {
    case RunResult::State::finished: return ExitCode::done;
    case RunResult::State::failed: return ExitCode::runs_failed;
    case RunResult::State::interrupted:
    case RunResult::State::not_started: break;
  }
  std::cerr << "interrupted; the same command goes on\n";
  return ExitCode::interrupted;
}

}  // namespace sslbench
