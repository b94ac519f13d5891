// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate_text.h"
#include "reports/gate/verdict_text.h"
#include "reports/text/number_text.h"
#include "suites/ground/printable.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
std::string gate_terminal(const GateReport& report, const TerminalForm& form) {
  const std::vector<VerdictRow> rows = verdict_rows(report);
  std::string out = form.strong("sslbench " + printable(report.suite) + ": " + verdict_counts(rows)) + "\n";
  std::string against = printable(report.revision.substr(0, 12)) + " against " + counted(report.history_runs, "record");
  if (!report.history_until.empty()) against += " (to " + printable(report.history_until.substr(0, 12)) + ")";
  against += "; " + std::to_string(report.suspects) + " of " + counted(report.cells.size(), "cell") + " suspect";
  out += folded(against, form.width, 0) + "\n";
  for (const SnapshotRun& run : report.failed) {
    out += folded("failed: " + printable(run.row) + ", seed " + std::to_string(run.seed) + ": " + printable(run.status),
                  form.width, 0);
  }
  out += verdict_lines(rows, form) + unchanged_text(rows);
  const std::string accept = acceptance_text(report);
  return accept.empty() ? out : out + "\n" + folded(accept, form.width, 0);
}

std::string comparison_terminal(const SnapshotComparison& comparison, const TerminalForm& form) {
  const std::vector<VerdictRow> rows = verdict_rows(comparison);
  std::string out = form.strong("sslbench compare: " + verdict_counts(rows)) + "\n";
  out += folded(printable(comparison.base.shown_commit().substr(0, 12)) + " → " +
                    printable(comparison.now.shown_commit().substr(0, 12)),
                form.width, 0) +
         "\n";
  out += verdict_lines(rows, form);
  if (!comparison.only_new.empty()) {
    std::string only = "only in the new results:";
    for (const std::string& name : comparison.only_new) only += " " + printable(name);
    out += folded(only, form.width, 0);
  }
  return out + unchanged_text(rows);
}

}  // namespace sslbench
