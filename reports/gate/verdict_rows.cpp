// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/verdict_rows.h"

#include <cmath>

#include "reports/history/metric_text.h"

namespace sslbench {
namespace {

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

VerdictRow row_of(const GateCell& cell) {
  return {cell.verdict,
          cell.cell.row,
          cell.cell.measure(),
          better_text(cell.cell),
          cell.reason,
          marks_of(cell),
          mean_text(cell.cell, cell.history_mean, cell.history.size()),
          mean_text(cell.cell, cell.fresh_mean, cell.fresh.size()),
          change_text(cell.cell, cell.fresh_mean - cell.history_mean, cell.history_mean),
          change_interval_text(cell.cell, cell.change, cell.history_mean),
          margin_text(cell.rule)};
}

VerdictRow row_of(const ComparedCell& cell) {
  return {cell.verdict,
          cell.base.row,
          cell.base.measure(),
          better_text(cell.base),
          cell.reason,
          cell.marks,
          mean_text(cell.base, cell.base_mean, cell.base.by_seed.size()),
          mean_text(cell.base, cell.new_mean, cell.now.by_seed.size()),
          change_text(cell.base, cell.change, cell.base_mean),
          change_interval_text(cell.base, cell.interval, cell.base_mean),
          ""};
}

enum class Kind { result, one_class, cost };

Kind kind_of(const SnapshotCell& cell) {
  if (cell.is_cost()) return Kind::cost;
  return cell.is_detail() ? Kind::one_class : Kind::result;
}
Kind kind_of(const GateCell& cell) { return kind_of(cell.cell); }
Kind kind_of(const ComparedCell& cell) { return kind_of(cell.base); }

template <class Cell>
std::vector<VerdictRow> worst_first(const std::vector<Cell>& cells) {
  std::vector<VerdictRow> out;
  for (const Verdict verdict : kWorstFirst) {
    for (const Kind kind : {Kind::result, Kind::one_class, Kind::cost}) {
      for (const Cell& cell : cells) {
        if (cell.verdict == verdict && kind_of(cell) == kind) out.push_back(row_of(cell));
      }
    }
  }
  return out;
}

}  // namespace

std::vector<VerdictRow> verdict_rows(const GateReport& report) { return worst_first(report.cells); }
std::vector<VerdictRow> verdict_rows(const SnapshotComparison& comparison) { return worst_first(comparison.cells); }

}  // namespace sslbench
