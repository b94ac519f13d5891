// SPDX-License-Identifier: Apache-2.0
// sslbench gate DIR --history STORE: the exit code that a CI job acts on.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <system_error>

#include "reports/export/exporter.h"
#include "reports/gate/gate_text.h"
#include "reports/history/acceptance_file.h"
#include "reports/text/escape.h"
#include "suites/cli/bisect/bisect.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/result_state.h"
#include "suites/cli/gate/gate_turns.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/plan/gate_rules.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::vector<GateRule> rules_for(const GateOptions& options) {
  std::vector<GateRule> rules = options.rules.empty() ? rules_of_folder(options.folder) : read_gate_file(options.rules);
  if (!rules.empty()) return rules;
  throw UserError(options.rules.empty()
                      ? "gate: the suite of " + options.folder + " has no [gate] table; add one, or give --rules FILE"
                      : "gate: " + options.rules + " holds no rule");
}

// Half a history would judge as if the other half had never been.
void expect_whole(const History& history) {
  if (history.warnings.empty()) return;
  const size_t more = history.warnings.size() - 1;
  throw UserError("gate: " + history.warnings.front() +
                  (more == 0 ? "" : " (and " + std::to_string(more) + " more files)") +
                  "; take the file from git, or delete it");
}

// What trains again does so with this build: it says something of results of the same one only.
void expect_own_build(const Snapshot& now, const std::string& option) {
  const Revision own = build_revision(worker_digest(worker_program()));
  const Revision theirs{now.revision, now.dirty, now.worker};
  if (own.text() == theirs.text()) return;
  throw UserError("gate: " + option + " trains again with this build (" + own.text() + "), and the results are of " +
                  theirs.text() + "; use the program that made them, or leave " + option + " out");
}

// Seeds from the first one that neither these results nor history have used.
std::string fresh_seeds(const Snapshot& now, const History& history, int count) {
  int64_t last = -1;
  const auto look = [&](const Snapshot& snapshot) {
    for (const SnapshotCell& cell : snapshot.cells) {
      if (!cell.by_seed.empty()) last = std::max(last, cell.by_seed.rbegin()->first);
    }
    for (const SnapshotRun& run : snapshot.runs) last = std::max(last, run.seed);
  };
  look(now);
  for (const Snapshot& run : history.runs) look(run);
  return std::to_string(last + 1) + ".." + std::to_string(last + count);
}

// Trains the rows of the suspects again, as `run` does, from the suite text that the results were planned with. Every
// call has a folder of its own, DIR/confirm/<first seed>.
ExitCode train_again(const GateOptions& options, const GateReport& report, const std::string& seeds, Snapshot& again) {
  const auto plan = read_plan(options.folder);
  if (!plan || plan->suite_text.empty()) throw UserError("gate: --confirm needs a results folder with its suite");
  const fs::path folder = fs::path(options.folder) / "confirm" / seeds.substr(0, seeds.find('.'));
  const fs::path suite = folder / (plan->suite + ".toml");
  write_atomically(suite, plan->suite_text);
  std::set<std::string> rows;
  for (const GateCell& cell : report.cells) {
    if (cell.suspect) rows.insert(cell.cell.row);
  }
  RunOptions run;
  run.suite = {.suite = suite.string(),
               .out = (folder / "results").string(),
               .sets = plan->sets,
               .only = {rows.begin(), rows.end()},
               .seeds = seeds,
               .device = plan->runs.at(0).device,
               .jobs = plan->jobs,
               .threads = plan->threads};
  for (const std::string& row : rows)
    std::cerr << "gate: " << row << " is suspect; training it again with seeds " << seeds << "\n";
  const SuiteEnding ending = carry_out_suite(run);
  std::cerr << ending.text;
  if (ending.code == ExitCode::interrupted) return ending.code;
  again = read_state(folder / "results");
  return ending.code;
}

std::string paragraph(const BisectOutcome& found) {
  return found.text.empty() ? "" : "\n" + escape_markdown(found.text) + "\n";
}

// Nothing was looked for where there is no text.
BisectOutcome look_for_commit(const GateOptions& options, const GateReport& report, const Snapshot& now,
                              const History& history) {
  if (options.bisect.empty()) return {};
  if (report.count(Verdict::regressed) > 0) {
    return bisect_regression({options.folder, options.bisect, options.build}, report, now, history);
  }
  std::cerr << "gate: nothing regressed, so that --bisect has nothing to look for\n";
  return {};
}

void write_files(const GateOptions& options, const GateReport& report, const Snapshot& now,
                 const BisectOutcome& found) {
  const auto write = [](const std::string& file, const std::string& text) {
    if (!file.empty()) write_atomically(file, text);
  };
  write(options.markdown, gate_markdown(report) + paragraph(found));
  write(options.junit, gate_junit(report));
  const auto write_export = [&](const std::string& file, const char* format) {
    if (!file.empty()) write(file, exported_text(Registry<ExporterEntry>::find(format), {now, {}}));
  };
  write_export(options.gha, "gha");
  write_export(options.bmf, "bmf");
  write_export(options.openmetrics, "openmetrics");
}

void print_report(const GateOptions& options, const GateReport& report, const BisectOutcome& found) {
  if (options.json) {
    nlohmann::json out = gate_json(report);
    if (!found.text.empty()) out["bisect"] = found.json;
    std::cout << out.dump(1) << "\n";
  } else if (const auto terminal = terminal_at(STDOUT_FILENO)) {
    print_coloured(std::cout, gate_terminal(report, *terminal));
    if (!found.text.empty()) std::cout << "\n" << folded(printable(found.text), terminal->width, 0);
  } else {
    std::cout << gate_markdown(report) << paragraph(found);
  }
}

ExitCode exit_of(const GateReport& report, bool strict) {
  const auto when = [&](Verdict verdict, ExitCode code) { return report.count(verdict) > 0 ? code : ExitCode::done; };
  return strongest({when(Verdict::regressed, ExitCode::regression), when(Verdict::failed, ExitCode::runs_failed),
                    report.failed.empty() ? ExitCode::done : ExitCode::runs_failed,
                    when(Verdict::missing, ExitCode::nothing), when(Verdict::incomparable, ExitCode::refused),
                    strict ? when(Verdict::inconclusive, ExitCode::nothing) : ExitCode::done,
                    report.cells.empty() ? ExitCode::nothing : ExitCode::done});
}

ExitCode interrupted() {
  std::cerr << "interrupted; run the same command to go on\n";
  return ExitCode::interrupted;
}

bool in_github_actions() {
  const char* value = std::getenv("GITHUB_ACTIONS");
  return value != nullptr && std::string(value) == "true";
}

}  // namespace

ExitCode gate_results(const GateOptions& options) {
  Snapshot now = read_state(options.folder);
  const std::vector<GateRule> rules = rules_for(options);
  History history = read_history(options.store, now.suite);
  expect_whole(history);
  if (!options.accepted.empty()) {
    history.accept_for_now(pending(read_acceptance_file(options.accepted), history, now.suite));
  }
  GateReport report = judge(now, history, rules);
  if (options.confirm > 0 && report.suspects > 0) {
    expect_own_build(now, "--confirm");
    Snapshot again;
    const std::string seeds = fresh_seeds(now, history, options.confirm);
    if (train_again(options, report, seeds, again) == ExitCode::interrupted) return ExitCode::interrupted;
    confirm(report, again);
    add_values(now, again);
  }
  if (!options.ab.empty()) {
    expect_own_build(now, "--ab");
    if (settle_in_turns(options, report) == AbEnding::interrupted) return interrupted();
  }
  const BisectOutcome found = look_for_commit(options, report, now, history);
  if (found.interrupted) return interrupted();
  write_files(options, report, now, found);
  print_report(options, report, found);
  if (in_github_actions()) {
    const OrdersToCi annotations(std::cerr);
    std::cerr << gate_annotations(report);
  }
  return exit_of(report, options.strict);
}

}  // namespace sslbench
