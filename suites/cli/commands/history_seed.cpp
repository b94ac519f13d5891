// SPDX-License-Identifier: Apache-2.0
// sslbench history seed N SUITE: as many runs at once as the gate asks for, so that a new repository is guarded from
// its first day.
#include <filesystem>
#include <iostream>

#include "reports/gate/gate.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/text/terminal_text.h"

namespace sslbench {

ExitCode history_seed(const HistorySeedOptions& options) {
  if (options.runs < static_cast<int>(kHistoryRuns)) {
    print_warning("the gate judges by " + std::to_string(kHistoryRuns) + " runs of history or more; these will be " +
                  std::to_string(options.runs));
  }
  const std::string name = std::filesystem::path(options.suite).stem().string();
  const std::string out = options.out.empty() ? "results/" + name + "-history" : options.out;
  RunOptions run;
  run.suite = {.suite = options.suite, .out = out, .seeds = "0.." + std::to_string(options.runs - 1)};
  const SuiteEnding ending = carry_out_suite(run);
  std::cerr << ending.text;
  if (ending.code != ExitCode::done) {
    std::cerr << "history seed: not all runs ended well; nothing was recorded\n";
    return ending.code;
  }
  HistoryOptions record;
  record.folder = out;
  record.store = options.store;
  return history_record(record);
}

}  // namespace sslbench
