// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/suite_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "suites/cli/commands/output_place.h"
#include "suites/plan/plan_limits.h"

namespace sslbench {

CLI::Option* add_suite(CLI::App* command, SuiteOptions& options) {
  return command->add_option("SUITE", options.suite, "a suite file, or the name of a shipped suite");
}

void add_suite_options(CLI::App* command, SuiteOptions& options) {
  command->add_option("-o,--out", options.out, "results folder (default results/<suite name>)")->check(why_not_written);
  command->add_option("--set", options.sets, "KEY=VALUE over the suite file, e.g. methods.simclr.temperature=0.2")
      ->allow_extra_args(false);
  command->add_option("--seeds", options.seeds, "seeds instead of the suite's: 0..2 (both ends) or 0,1,5");
  command
      ->add_option("--only", options.only, "carry out only the rows that match this pattern, e.g. 'sim*' (repeatable)")
      ->allow_extra_args(false);
  command
      ->add_option("--threads", options.threads,
                   "threads of each run (default: the suite's, else the cores shared out)")
      ->check(CLI::Range(1, kMostWorkers));
  command->add_option("--device", options.device, "auto, cpu, cuda or cuda:<i> (default auto)");
  command
      ->add_option("--ranks", options.ranks,
                   "processes that share each run's steps (default: as planned before, else the suite's, else 1)")
      ->check(CLI::Range(1, kMostWorkers));
}

void add_sharing(CLI::App* command, SuiteOptions& options) {
  command
      ->add_option("--jobs", options.jobs,
                   "runs at a time (default: the suite's, else 1; with --devices as many as they take)")
      ->check(CLI::Range(1, kMostWorkers));
  command
      ->add_option("--devices", options.devices,
                   "GPUs to spread the runs over, e.g. 0-7; each run has one, or one a rank")
      ->excludes(command->get_option("--device"));
}

void expect_suite_or_spec(const CLI::App& command) {
  static constexpr const char* kWithSpec[] = {"--spec", "--keep-work", "--stall-timeout", "--help"};
  if (command.count("--spec") == 0) {
    if (command.count("SUITE") == 0) throw CLI::RequiredError("SUITE");
    return;
  }
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || std::ranges::find(kWithSpec, name) != std::end(kWithSpec)) continue;
    throw CLI::ExcludesError("--spec carries out one run as it was planned; leave out " + name,
                             CLI::ExitCodes::ExcludesError);
  }
}

}  // namespace sslbench
