// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate_text.h"
#include "reports/gate/verdict_rows.h"
#include "reports/text/escape.h"
#include "reports/text/markdown_table.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr size_t kLongestComment = 60'000;  // bytes; GitHub refuses 65,536

std::string sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
    case Verdict::failed: return "❌";
    case Verdict::missing:
    case Verdict::incomparable: return "⛔";
    case Verdict::inconclusive: return "⚠️";
    case Verdict::improved: return "🎉";
    case Verdict::same: return "✅";
  }
  return "";
}

template <class Report>
std::string counts_text(const Report& report) {
  std::string out;
  for (const Verdict verdict : kWorstFirst) {
    const size_t n = report.count(verdict);
    if (n == 0) continue;
    out += (out.empty() ? "" : " · ") + sign_of(verdict) + " " + std::to_string(n) + " " +
           std::string(verdict_name(verdict));
  }
  return out.empty() ? "nothing to judge" : out;
}

std::string verdict_text(const VerdictRow& row) {
  std::string out = sign_of(row.verdict) + " " + std::string(verdict_name(row.verdict));
  if (!row.reason.empty()) out += ": " + escape_markdown(row.reason);
  for (const std::string& mark : row.marks) out += " · " + escape_markdown(mark);
  return out;
}

std::vector<std::string> cells_of(const VerdictRow& row) {
  std::vector<std::string> out{markdown_name(row.row),
                               markdown_name(row.measure) + " " + row.better,
                               verdict_text(row),
                               row.before,
                               row.now,
                               row.change,
                               row.interval};
  if (!row.margin.empty()) out.push_back(row.margin);
  return out;
}

// The table of those rows that are, or are not, unchanged; stops before the text gets too long.
std::string table_of(const std::vector<VerdictRow>& rows, bool same, std::vector<std::string> header, size_t room) {
  MarkdownTable table(std::move(header), 3);
  size_t used = 0, left_out = 0;
  for (const VerdictRow& row : rows) {
    if ((row.verdict == Verdict::same) != same) continue;
    const std::vector<std::string> cells = cells_of(row);
    for (const std::string& text : cells) used += text.size() + 3;
    if (used > room) {
      ++left_out;
    } else {
      table.add(cells);
    }
  }
  if (table.empty()) return "";
  return table.text() + (left_out == 0 ? "" : "\n" + std::to_string(left_out) + " more rows are in the JSON.\n");
}

std::string tables(const std::vector<VerdictRow>& rows, size_t same, const std::vector<std::string>& header) {
  std::string out = table_of(rows, false, header, kLongestComment * 2 / 3);
  if (same == 0) return out;
  return out + "\n<details><summary>" + std::to_string(same) + " unchanged</summary>\n\n" +
         table_of(rows, true, header, kLongestComment / 4) + "\n</details>\n";
}

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

std::string failed_text(size_t runs) { return runs == 0 ? "" : "❌ " + counted(runs, "run") + " failed · "; }

}  // namespace

std::string gate_markdown(const GateReport& report) {
  std::string out = "<!-- sslbench:" + file_name(report.suite) + " -->\n### sslbench " + escape_markdown(report.suite) +
                    ": " + failed_text(report.failed.size()) + counts_text(report) + "\n\n";
  out += markdown_name(report.revision.substr(0, 12)) + " against " + counted(report.history_runs, "recorded run");
  if (!report.history_until.empty()) out += " (to " + markdown_name(report.history_until.substr(0, 12)) + ")";
  out += "; " + std::to_string(report.suspects) + " of " + std::to_string(report.cells.size()) + " cells suspect, " +
         std::to_string(report.count(Verdict::improved)) + " improved\n\n";
  for (const SnapshotRun& run : report.failed) {
    out += "- ❌ " + markdown_name(run.row) + ", seed " + std::to_string(run.seed) + ": " + escape_markdown(run.status) +
           "\n";
  }
  if (!report.failed.empty()) out += '\n';
  out += tables(verdict_rows(report), report.count(Verdict::same),
                {"row", "metric", "verdict", "history (runs)", "now (runs)", "change", "95 % interval", "margin"});
  return out + how_decided(report);
}

std::string comparison_markdown(const SnapshotComparison& comparison) {
  std::string out = "### sslbench compare: " + counts_text(comparison) + "\n\n";
  out += markdown_name(comparison.base.shown_commit().substr(0, 12)) + " → " +
         markdown_name(comparison.now.shown_commit().substr(0, 12)) + "\n\n";
  out += tables(verdict_rows(comparison), comparison.count(Verdict::same),
                {"row", "metric", "verdict", "base (runs)", "new (runs)", "change", "95 % interval"});
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
