// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "reports/gate/gate_text.h"
#include "reports/gate/verdict_rows.h"
#include "reports/text/number_text.h"
#include "suites/ground/printable.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

constexpr size_t kLongestName = 28, kGap = 2, kReasonIndent = 4;

LineColour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
    case Verdict::failed: return LineColour::red;
    case Verdict::missing:
    case Verdict::incomparable:
    case Verdict::inconclusive: return LineColour::yellow;
    case Verdict::improved: return LineColour::green;
    case Verdict::same: return LineColour::none;
  }
  return LineColour::none;
}

template <class Report>
std::string counts_text(const Report& report) {
  std::string out;
  for (const Verdict verdict : kWorstFirst) {
    const size_t n = report.count(verdict);
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(verdict_name(verdict));
  }
  return out.empty() ? "nothing to judge" : out;
}

std::string why_text(const VerdictRow& row) {
  std::string out = row.before + " → " + row.now;
  if (!row.margin.empty()) out += "; margin " + row.margin;
  if (!row.reason.empty()) out += "; " + printable(row.reason);
  for (const std::string& mark : row.marks) out += "; " + printable(mark);
  return out;
}

// Two lines or more each: the verdict, where, and the change; below it the means, the margin and the reason.
std::string rows_text(const std::vector<VerdictRow>& rows, const TerminalForm& form) {
  size_t verdict = 0, name = 0, measure = 0;
  for (const VerdictRow& row : rows) {
    if (row.verdict == Verdict::same) continue;
    verdict = std::max(verdict, verdict_name(row.verdict).size());
    name = std::max(name, std::min(kLongestName, columns_of(printable(row.row))));
    measure = std::max(measure, std::min(kLongestName, columns_of(printable(row.measure) + " " + row.better)));
  }
  const size_t room = form.width - std::min(form.width, verdict + 2 * kGap);
  measure = std::min(measure, room - std::min(room / 3, name));
  name = std::min(name, room - measure);
  std::string out;
  for (const VerdictRow& row : rows) {
    if (row.verdict == Verdict::same) continue;
    const std::string head =
        form.coloured(padded(std::string(verdict_name(row.verdict)), verdict), colour_of(row.verdict));
    const std::string where = padded(printable(row.row), name) + std::string(kGap, ' ') +
                              padded(printable(row.measure) + " " + row.better, measure);
    std::string line = std::string(kGap, ' ') + where;
    const std::string change = row.change + (row.interval.empty() ? "" : " " + row.interval);
    if (verdict + columns_of(line) + kGap + columns_of(change) <= form.width) line += std::string(kGap, ' ') + change;
    const bool fits = line.ends_with(change);
    out += head + line + "\n" + folded((fits ? "" : change + "; ") + why_text(row), form.width, kReasonIndent);
  }
  return out;
}

std::string unchanged_text(size_t same, const char* option) {
  return same == 0 ? "" : counted(same, "cell") + " unchanged; `" + option + "` lists them\n";
}

}  // namespace

std::string gate_terminal(const GateReport& report, const TerminalForm& form) {
  std::string out = form.strong("sslbench " + printable(report.suite) + ": " + counts_text(report)) + "\n";
  std::string against =
      printable(report.revision.substr(0, 12)) + " against " + counted(report.history_runs, "recorded run");
  if (!report.history_until.empty()) against += " (to " + printable(report.history_until.substr(0, 12)) + ")";
  against += "; " + std::to_string(report.suspects) + " of " + counted(report.cells.size(), "cell") + " suspect";
  out += folded(against, form.width, 0) + "\n";
  for (const SnapshotRun& run : report.failed) {
    out += folded("failed: " + printable(run.row) + ", seed " + std::to_string(run.seed) + ": " + printable(run.status),
                  form.width, 0);
  }
  return out + rows_text(verdict_rows(report), form) + unchanged_text(report.count(Verdict::same), "--json");
}

std::string comparison_terminal(const SnapshotComparison& comparison, const TerminalForm& form) {
  std::string out = form.strong("sslbench compare: " + counts_text(comparison)) + "\n";
  out += folded(printable(comparison.base.shown_commit().substr(0, 12)) + " → " +
                    printable(comparison.now.shown_commit().substr(0, 12)),
                form.width, 0) +
         "\n";
  out += rows_text(verdict_rows(comparison), form);
  if (!comparison.only_new.empty()) {
    std::string only = "only in the new results:";
    for (const std::string& name : comparison.only_new) only += " " + printable(name);
    out += folded(only, form.width, 0);
  }
  return out + unchanged_text(comparison.count(Verdict::same), "--json");
}

}  // namespace sslbench
