// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "reports/gate/gate_text.h"
#include "reports/history/metric_text.h"
#include "reports/text/escape.h"
#include "reports/text/markdown_table.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr size_t kLongestComment = 60'000;  // bytes; GitHub refuses 65,536
constexpr Verdict kWorstFirst[] = {Verdict::regressed,    Verdict::failed,   Verdict::missing, Verdict::incomparable,
                                   Verdict::inconclusive, Verdict::improved, Verdict::same};

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

std::string verdict_text(Verdict verdict, const std::string& reason, const std::vector<std::string>& marks) {
  std::string out = sign_of(verdict) + " " + std::string(verdict_name(verdict));
  if (!reason.empty()) out += ": " + escape_markdown(reason);
  for (const std::string& mark : marks) out += " · " + escape_markdown(mark);
  return out;
}

std::string mean_text(const SnapshotCell& cell, double mean, size_t runs) {
  return runs == 0 ? "–" : value_text(cell, mean) + " (" + std::to_string(runs) + ")";
}

std::vector<std::string> marks_of(const GateCell& cell) {
  std::vector<std::string> out = cell.marks;
  if (cell.verdict != Verdict::same || !std::isfinite(cell.detectable)) return out;
  const double seen = cell.cell.higher_is_better() ? -cell.detectable : cell.detectable;
  out.push_back("would see " + change_text(cell.cell, seen, cell.history_mean));
  return out;
}

std::string margin_text(const GateRule& rule) {
  if (rule.unit.empty()) return "–";  // of a protocol that is gone with its rule
  const std::string digits = std::to_string(rule.max_drop);
  return digits.substr(0, digits.find('.') + 3) + (rule.unit == "percent" ? " %" : " points");
}

std::vector<std::string> row_of(const GateCell& cell) {
  return {markdown_name(cell.cell.row),
          markdown_name(cell.cell.measure()) + " " + better_text(cell.cell),
          verdict_text(cell.verdict, cell.reason, marks_of(cell)),
          mean_text(cell.cell, cell.history_mean, cell.history.size()),
          mean_text(cell.cell, cell.fresh_mean, cell.fresh.size()),
          change_text(cell.cell, cell.fresh_mean - cell.history_mean, cell.history_mean),
          change_interval_text(cell.cell, cell.change, cell.history_mean),
          margin_text(cell.rule)};
}

std::vector<std::string> row_of(const ComparedCell& cell) {
  return {markdown_name(cell.base.row),
          markdown_name(cell.base.measure()) + " " + better_text(cell.base),
          verdict_text(cell.verdict, cell.reason, cell.marks),
          mean_text(cell.base, cell.base_mean, cell.base.by_seed.size()),
          mean_text(cell.base, cell.new_mean, cell.now.by_seed.size()),
          change_text(cell.base, cell.change, cell.base_mean),
          change_interval_text(cell.base, cell.interval, cell.base_mean)};
}

// The table of all cells with one of `verdicts`, in that order; stops before the text gets too long.
template <class Cell>
std::string table_of(const std::vector<Cell>& cells, const std::vector<Verdict>& verdicts,
                     std::vector<std::string> header, size_t room) {
  MarkdownTable table(std::move(header), 3);
  size_t used = 0, left_out = 0;
  for (const Verdict verdict : verdicts) {
    for (const Cell& cell : cells) {
      if (cell.verdict != verdict) continue;
      const std::vector<std::string> row = row_of(cell);
      for (const std::string& text : row) used += text.size() + 3;
      if (used > room) {
        ++left_out;
      } else {
        table.add(row);
      }
    }
  }
  if (table.empty()) return "";
  return table.text() + (left_out == 0 ? "" : "\n" + std::to_string(left_out) + " more rows are in the JSON.\n");
}

template <class Cell>
std::string tables(const std::vector<Cell>& cells, size_t same, const std::vector<std::string>& header) {
  const std::vector<Verdict> shown(std::begin(kWorstFirst), std::end(kWorstFirst) - 1);
  std::string out = table_of(cells, shown, header, kLongestComment * 2 / 3);
  if (same == 0) return out;
  return out + "\n<details><summary>" + std::to_string(same) + " unchanged</summary>\n\n" +
         table_of(cells, {Verdict::same}, header, kLongestComment / 4) + "\n</details>\n";
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
  out += tables(report.cells, report.count(Verdict::same),
                {"row", "metric", "verdict", "history (runs)", "now (runs)", "change", "95 % interval", "margin"});
  return out + how_decided(report);
}

std::string comparison_markdown(const SnapshotComparison& comparison) {
  std::string out = "### sslbench compare: " + counts_text(comparison) + "\n\n";
  out += markdown_name(comparison.base.shown_commit().substr(0, 12)) + " → " +
         markdown_name(comparison.now.shown_commit().substr(0, 12)) + "\n\n";
  out += tables(comparison.cells, comparison.count(Verdict::same),
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
