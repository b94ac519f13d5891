// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "reports/gate/gate_text.h"
#include "reports/gate/verdict_text.h"
#include "reports/text/escape.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string how_decided(const GateReport& report) {
  const std::string level = significant_text(100 * kFamilyAlpha, 2) + " %";
  std::string out =
      "\nA cell regressed when its new runs lie below what history predicts (t interval over single runs, of "
      "costs over nights, since runs of a night share the machine; ";
  out += report.confirmed ? "first and fresh runs together, Holm over " + counted(report.questions, "cell") + " at " +
                                level + ", and the fresh ones alone at 2 %"
                          : "Holm over " + counted(report.judged, "cell") + " at " + level;
  return out +
         ") and by more than its margin: at most one suite in a hundred without any change is called so. Intervals are "
         "95 "
         "%; numbers in parentheses are runs; a drop that it *would see* becomes a suspect four times in five.\n";
}

// Both sides of `gate --ab` may alarm by chance.
std::string turns_text(const GateReport& report) {
  const bool any = std::any_of(report.cells.begin(), report.cells.end(), [](const GateCell& cell) {
    return cell.other_machine && cell.verdict != Verdict::incomparable;
  });
  return any ? "Costs of another machine's history were compared in turns, with the same chance of a false alarm once "
               "more: two in a hundred for both.\n"
             : "";
}

std::string failed_text(size_t runs) { return runs == 0 ? "" : "❌ " + counted(runs, "run") + " failed · "; }

}  // namespace

std::string acceptance_text(const GateReport& report) {
  const bool any = std::any_of(report.cells.begin(), report.cells.end(), [](const GateCell& cell) {
    return cell.verdict == Verdict::regressed || cell.verdict == Verdict::missing ||
           (cell.verdict == Verdict::incomparable && !cell.cell.is_cost());
  });
  if (!any) return "";
  return "Where this is meant: sslbench history accept --into FILE --suite SUITE --cell ROW --reason WHY writes a file "
         "that is reviewed with the change, and gate --accepted FILE takes it.";
}

std::string gate_markdown(const GateReport& report) {
  const std::vector<VerdictRow> rows = verdict_rows(report);
  std::string out = "<!-- sslbench:" + file_name(report.suite) + " -->\n### sslbench " + escape_markdown(report.suite) +
                    ": " + failed_text(report.failed.size()) + signed_counts(rows) + "\n\n";
  out += markdown_name(report.revision.substr(0, 12)) + " against " + counted(report.history_runs, "record");
  if (!report.history_until.empty()) out += " (to " + markdown_name(report.history_until.substr(0, 12)) + ")";
  out += "; " + std::to_string(report.suspects) + " of " + std::to_string(report.cells.size()) + " cells suspect, " +
         std::to_string(report.count(Verdict::improved)) + " improved\n\n";
  for (const SnapshotRun& run : report.failed) {
    out += "- ❌ " + markdown_name(run.row) + ", seed " + std::to_string(run.seed) + ": " + escape_markdown(run.status) +
           "\n";
  }
  if (!report.failed.empty()) out += '\n';
  out += verdict_tables(
      rows, {"row", "metric", "verdict", "history (runs)", "now (runs)", "change", "95 % interval", "margin"});
  const std::string accept = acceptance_text(report);
  return out + (accept.empty() ? "" : "\n" + escape_markdown(accept) + "\n") + how_decided(report) + turns_text(report);
}

std::string comparison_markdown(const SnapshotComparison& comparison) {
  const std::vector<VerdictRow> rows = verdict_rows(comparison);
  std::string out = "### sslbench compare: " + signed_counts(rows) + "\n\n";
  out += markdown_name(comparison.base.shown_commit().substr(0, 12)) + " → " +
         markdown_name(comparison.now.shown_commit().substr(0, 12)) + "\n\n";
  out += verdict_tables(rows, {"row", "metric", "verdict", "base (runs)", "new (runs)", "change", "95 % interval"});
  if (!comparison.only_new.empty()) {
    out += "\nOnly in the new results:";
    for (const std::string& name : comparison.only_new) out += " " + escape_markdown(name);
    out += '\n';
  }
  return out +
         "\nIntervals: of pairs where both sides hold the same seeds and test images, over these and, of several "
         "seeds, "
         "over the seeds; else Welch's over seeds. Verdicts by Holm at 5 % over all results, all single classes, all "
         "costs; "
         "numbers in parentheses are runs. Margins: those of `[gate]`, else 0.5 points and, of costs, 5 %.\n";
}

}  // namespace sslbench
