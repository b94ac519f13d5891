// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/gate/gate_turns.h"

#include <iostream>

#include "reports/ab/turns_for_gate.h"
#include "suites/cli/ab/ab_measure.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/runner/output_folder.h"

namespace sslbench {

AbEnding settle_in_turns(const GateOptions& options, GateReport& report) {
  const std::vector<std::string> rows = rows_for_turns(report);
  if (rows.empty()) {
    std::cerr << "gate: no cost of training is of another machine's history, so that --ab has nothing to measure\n";
    return AbEnding::done;
  }
  const auto plan = read_plan(options.folder);
  if (!plan || plan->suite_text.empty()) throw UserError("gate: --ab needs a results folder with its suite");
  const std::filesystem::path folder = std::filesystem::path(options.folder) / "ab";
  const std::filesystem::path suite = folder / (plan->suite + ".toml");
  write_atomically(suite, plan->suite_text);
  AbOptions turns;
  turns.old_build = options.ab;
  turns.new_build = "this";
  turns.suite = suite.string();
  turns.out = (folder / "runs").string();
  turns.rows = rows;
  turns.sets = plan->sets;
  turns.device = plan->runs.at(0).device;
  turns.threads = plan->threads;
  turns.rounds = options.rounds;
  const AbMeasured measured = measure_ab(turns);
  if (measured.ending == AbEnding::done) settle_by_turns(report, measured.input);
  return measured.ending;
}

}  // namespace sslbench
