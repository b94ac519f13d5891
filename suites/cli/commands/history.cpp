// SPDX-License-Identifier: Apache-2.0
// sslbench history record|accept|list|trend
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "reports/history/acceptance_file.h"
#include "reports/history/history.h"
#include "reports/history/trend.h"
#include "reports/text/escape.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/output_place.h"
#include "suites/cli/commands/result_state.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/ground/error.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

using nlohmann::json;

void warn(const History& history) {
  for (const std::string& warning : history.warnings) print_warning(warning);
}

std::vector<std::string> suites_of(const History& history) {
  std::set<std::string> out;
  for (const Snapshot& run : history.runs) out.insert(run.suite);
  return {out.begin(), out.end()};
}

// The suite asked for, or the only one there is.
std::string one_suite(const History& history, const std::string& asked) {
  const std::vector<std::string> all = suites_of(history);
  if (!asked.empty() && std::find(all.begin(), all.end(), asked) != all.end()) return asked;
  if (asked.empty() && all.size() == 1) return all[0];
  std::string list;
  for (const std::string& suite : all) list += " " + suite;
  throw UserError(
      "history: " + (asked.empty() ? "name one of the suites with --suite:" : "no suite '" + asked + "'; there are:") +
      (list.empty() ? " (none recorded)" : list));
}

// What the change asked for that is recorded now holds from now on for everyone.
void take_over(const HistoryOptions& options, const std::string& suite) {
  const std::vector<Acceptance> asked = read_acceptance_file(options.accepted);
  std::error_code none;
  const History history =
      std::filesystem::is_directory(options.store, none) ? read_history(options.store, suite) : History{};
  warn(history);
  for (const Acceptance& each : pending(asked, history, suite)) {
    std::cout << accept_before_record(options.store, each).string() << "\n";
  }
}

void expect_known(const History& history, const Acceptance& acceptance) {
  const bool known = std::any_of(history.runs.begin(), history.runs.end(), [&](const Snapshot& run) {
    return run.suite == acceptance.suite &&
           std::any_of(run.cells.begin(), run.cells.end(),
                       [&](const SnapshotCell& cell) { return acceptance.matches(cell); });
  });
  if (known) return;
  throw UserError("history accept: nothing recorded matches --cell '" + acceptance.row + "' --metric '" +
                  acceptance.measure + "'; `sslbench history list` shows what there is");
}

std::string build_text(const Snapshot& run) { return run.build_type + (run.dirty ? ", dirty tree" : ""); }

}  // namespace

ExitCode history_record(const HistoryOptions& options) {
  const Snapshot snapshot = read_state(options.folder);
  if (!snapshot.why_unofficial().empty()) {
    print_warning(snapshot.why_unofficial() + ": recorded, but its speed and memory will not count");
  }
  if (!options.accepted.empty()) take_over(options, snapshot.suite);
  const Recorded recorded = record_in_history(options.store, snapshot);
  if (!recorded.fresh) std::cerr << "recorded before; nothing was added\n";
  std::cout << recorded.file.string() << "\n";
  return ExitCode::done;
}

ExitCode history_accept(const HistoryOptions& options) {
  if (options.reason.find_first_not_of(" \t") == std::string::npos) {
    throw UserError("history accept: say why with --reason, e.g. --reason 'PR 41: new learning rate'");
  }
  if (options.store.empty() && (options.into.empty() || options.suite.empty())) {
    throw UserError(options.into.empty()
                        ? "history accept: give --history STORE, or --into FILE for a file of the change itself"
                        : "history accept: --into needs to know the suite; give --suite NAME, or --history STORE");
  }
  Acceptance acceptance{
      .suite = options.suite, .row = options.cell, .measure = options.metric, .reason = options.reason};
  if (const char* user = std::getenv("USER")) acceptance.by = user;
  if (!options.store.empty()) {
    const History history = read_history(options.store, "");
    warn(history);
    acceptance.suite = one_suite(history, options.suite);
    expect_known(history, acceptance);
  }
  if (options.into.empty()) {
    std::cout << accept_in_history(options.store, acceptance).string() << "\n";
  } else {
    add_to_acceptance_file(options.into, acceptance);
    std::cout << options.into << "\n";
  }
  return ExitCode::done;
}

ExitCode history_list(const HistoryOptions& options) {
  if (!options.suite.empty()) one_suite(read_history(options.store, ""), options.suite);
  const History history = read_history(options.store, options.suite);
  warn(history);
  if (options.json) {
    json out = {{"schema", "sslbench.history_list/1"}, {"runs", json::array()}, {"accepted", json::array()}};
    for (const Snapshot& run : history.runs) out["runs"].push_back(snapshot_to_json(run));
    for (const Acceptance& a : history.accepted) {
      out["accepted"].push_back({{"suite", a.suite},
                                 {"created", a.created},
                                 {"cell", a.row},
                                 {"metric", a.measure},
                                 {"reason", a.reason},
                                 {"by", a.by}});
    }
    std::cout << out.dump(1) << "\n";
  } else {
    TextTable table({"recorded", "suite", "commit", "machine class", "build", "cells", "runs"});
    for (const Snapshot& run : history.runs) {
      table.add({run.created, run.suite, run.shown_commit().substr(0, 12), run.machine_class, build_text(run),
                 std::to_string(run.cells.size()), std::to_string(run.runs.size())});
    }
    for (const Acceptance& a : history.accepted) {
      table.add({a.created, a.suite, visible_text("accepted: " + a.row + " " + a.measure + ": " + a.reason)});
    }
    std::cout << table.plain(width_at(STDOUT_FILENO));
  }
  return history.runs.empty() ? ExitCode::nothing : ExitCode::done;
}

ExitCode history_trend(const HistoryOptions& options) {
  const History history = read_history(options.store, "");
  warn(history);
  const std::string suite = one_suite(history, options.suite);
  const std::vector<TrendSeries> series = trend_of(history, suite);
  expect_writable_place(options.out);
  const std::string readme = write_trend(series, suite, options.out).string();
  if (const auto terminal = terminal_at(STDOUT_FILENO)) {
    print_coloured(std::cout, trend_terminal(series, suite, *terminal));
  }
  std::cout << readme << "\n";
  return series.empty() ? ExitCode::nothing : ExitCode::done;
}

}  // namespace sslbench
