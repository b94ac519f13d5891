// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/submit_options.h"

#include "suites/plan/plan_limits.h"

namespace sslbench {

void add_submit_options(CLI::App* command, SubmitOptions& options) {
  constexpr auto kMostTasks = static_cast<int>(kMostPlannedRuns);
  command->add_option("--to", options.to, "slurm, kubernetes, or list: only the runs' files, for any other scheduler")
      ->check(CLI::IsMember({"slurm", "kubernetes", "list"}))
      ->required();
  command->add_option("--time", options.time,
                      "time limit of a task, as sbatch takes it (default: twice what was measured, where it was)");
  command->add_option("--at-once", options.at_once, "tasks at a time (default: as many as there is room for)")
      ->check(CLI::Range(1, kMostTasks));
  command->add_option("--per-task", options.per_task, "runs of a task, one after the other (default 1)")
      ->check(CLI::Range(1, kMostTasks));
  command->add_option("--sbatch", options.sbatch, "a further option of sbatch, e.g. '--partition=gpu' (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--image", options.image, "kubernetes: an image that holds sslbench");
  command->add_flag("--dry", options.dry, "write all files and submit nothing");
}

}  // namespace sslbench
