// SPDX-License-Identifier: Apache-2.0
// What `submit --to slurm` does with a submission whose runs are chosen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/runner/schedulers/submission.h"

namespace sslbench {

// UserError when --time or --sbatch are none, or Slurm is needed and not here.
void expect_slurm_options(const SubmitOptions& options);

struct ExpectedRuns {
  int ranks = 1;                          // processes of each
  std::map<std::string, double> seconds;  // by run name, where measured
};
// Writes array.sbatch and report.sbatch.
void write_slurm_files(const SubmitOptions& options, const SuiteRequest& request, const Submission& submission,
                       const ExpectedRuns& runs);

// Submits and prints the jobs, or with --dry how to. The report waits for `queued_jobs`, too: those of earlier
// submissions. ExitCode::interrupted when Slurm took only some of the tasks; UserError when it took none.
ExitCode submit_to_slurm(const SubmitOptions& options, Submission& submission,
                         const std::vector<std::string>& queued_jobs);

}  // namespace sslbench
