// SPDX-License-Identifier: Apache-2.0
// The comparison for people: Markdown and text for a terminal.
#include <cmath>
#include <cstdio>

#include "reports/ab/ab_report.h"
#include "reports/gate/verdict_text.h"
#include "reports/history/metric_text.h"
#include "reports/text/escape.h"
#include "reports/text/number_text.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

std::string ratio_text(double ratio) {
  char out[32];
  std::snprintf(out, sizeof out, "%.4f", ratio);
  return std::isfinite(ratio) ? out : "–";
}

std::string interval_text(const Interval& interval) {
  if (!std::isfinite(interval.low)) return "";
  return "[" + ratio_text(interval.low) + ", " + ratio_text(interval.high) + "]";
}

std::string mean_text(const AbCost& cost, double mean) {
  if (!std::isfinite(mean)) return "–";
  const std::string value = cost.unit == "B" ? bytes_text(mean) : significant_text(mean) + " " + cost.unit;
  return value + " (" + std::to_string(cost.ratio.pairs) + ")";
}

VerdictRow row_of(const AbCost& cost, double margin) {
  return {cost.verdict,
          cost.row,
          cost.measure,
          cost.higher_is_better ? "↑" : "↓",
          cost.reason,
          {},
          mean_text(cost, cost.old_mean),
          mean_text(cost, cost.new_mean),
          ratio_text(cost.ratio.ratio),
          interval_text(cost.ratio.interval),
          significant_text(margin, 3) + " %"};
}

// Results are told in their own unit, as `compare` does; a cell's own margin is not printed there.
std::vector<VerdictRow> rows_of(const AbReport& report) {
  std::vector<VerdictRow> all = verdict_rows(report.results), out;
  for (VerdictRow& row : all) row.margin = "–";
  for (const AbCost& cost : report.costs) all.push_back(row_of(cost, report.margin));
  for (const Verdict verdict : kWorstFirst) {
    for (const VerdictRow& row : all) {
      if (row.verdict == verdict) out.push_back(row);
    }
  }
  return out;
}

std::string side_text(const AbSide& side) {
  std::string out = side.name + ": " + side.results.revision.substr(0, 12);
  const std::string mark = side.results.why_unofficial();
  return mark.empty() ? out : out + " (" + mark + ")";
}

std::string curve_text(const LossCurves& curves) {
  const CurveDistance& far = curves.between;
  const std::string head = curves.row + ": loss curves at " + counted(far.points, "equal step") + ": ";
  if (far.parted < 0) return head + "equal, bit by bit";
  return head + "differ by up to " + significant_text(100 * far.largest, 2) + " % (step " + std::to_string(far.step) +
         "), first at step " + std::to_string(far.parted) +
         "; other arithmetic or settings, which is not worse by itself: the results decide";
}

std::string how_decided(const AbReport& report) {
  return "Each round trains a row once a side with the same seed; both runs share the machine in turns, old, new, new, "
         "old and so on. Costs: ratio new / old over " +
         counted(report.rounds, "round") + ", 95 % by Student's t over log ratios; worse beyond " +
         significant_text(report.margin, 3) + " % and at " + significant_text(100 * kAbAlpha, 2) +
         " % after Holm over all costs. Images/s are by the clock, which also runs in the other side's turns. Results: "
         "pairs of equal seeds, as `sslbench compare`, worse at " +
         significant_text(200 * kAbAlpha, 2) + " %. Numbers in parentheses are runs a side.";
}

}  // namespace

std::string ab_markdown(const AbReport& report) {
  const std::vector<VerdictRow> rows = rows_of(report);
  std::string out = "### sslbench ab " + escape_markdown(report.suite) + ": " + signed_counts(rows) + "\n\n";
  out += escape_markdown("old " + side_text(report.old_side) + " → new " + side_text(report.new_side)) + "\n\n";
  for (const auto& [row, why] : report.failed) out += "- ❌ " + markdown_name(row) + ": " + escape_markdown(why) + "\n";
  if (!report.failed.empty()) out += '\n';
  out += verdict_tables(
      rows, {"row", "metric", "verdict", "old (runs)", "new (runs)", "ratio or change", "95 % interval", "margin"});
  if (!report.curves.empty()) out += '\n';
  for (const LossCurves& curves : report.curves) out += "- " + escape_markdown(curve_text(curves)) + "\n";
  return out + "\n" + escape_markdown(how_decided(report)) + "\n";
}

std::string ab_terminal(const AbReport& report, const TerminalForm& form) {
  const std::vector<VerdictRow> rows = rows_of(report);
  std::string out = form.strong("sslbench ab " + printable(report.suite) + ": " + verdict_counts(rows)) + "\n";
  out += folded(printable("old " + side_text(report.old_side) + " → new " + side_text(report.new_side)), form.width, 0);
  out += '\n';
  for (const auto& [row, why] : report.failed) out += folded(printable("failed: " + row + ": " + why), form.width, 0);
  out += verdict_lines(rows, form, /*unchanged=*/true);
  for (const LossCurves& curves : report.curves) out += folded(printable(curve_text(curves)), form.width, 0);
  return out + "\n" + folded(how_decided(report), form.width, 0);
}

}  // namespace sslbench
