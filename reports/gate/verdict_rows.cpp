// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/verdict_rows.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "reports/history/metric_text.h"

namespace sslbench {
namespace {

constexpr size_t kAlike = 3;  // cells that one row tells of

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

// Cells that cannot be decided for one and the same reason, as one row.
VerdictRow joined(const std::vector<VerdictRow>& alike, const char* what) {
  std::set<std::string> rows, measures;
  for (const VerdictRow& each : alike) rows.insert(each.row), measures.insert(each.measure);
  VerdictRow out;
  out.verdict = alike.front().verdict;
  out.row = rows.size() == 1 ? *rows.begin() : std::to_string(rows.size()) + " rows";
  out.measure = measures.size() == 1 ? *measures.begin() : std::to_string(alike.size()) + " " + what;
  out.reason = alike.front().reason;
  out.before = out.now = out.change = "–";
  out.cells = alike.size();
  out.margin = alike.front().margin.empty() ? "" : "–";
  return out;
}

// In the order in which their reasons come first.
std::vector<VerdictRow> joined_by_reason(const std::vector<VerdictRow>& cells, const char* what) {
  std::vector<std::vector<VerdictRow>> groups;
  for (const VerdictRow& cell : cells) {
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& group) { return group.front().reason == cell.reason; });
    if (known == groups.end()) {
      groups.push_back({cell});
    } else {
      known->push_back(cell);
    }
  }
  std::vector<VerdictRow> out;
  for (const std::vector<VerdictRow>& group : groups) {
    if (group.size() >= kAlike) {
      out.push_back(joined(group, what));
    } else {
      out.insert(out.end(), group.begin(), group.end());
    }
  }
  return out;
}

template <class Cell>
std::vector<VerdictRow> worst_first(const std::vector<Cell>& cells) {
  std::vector<VerdictRow> out;
  for (const Verdict verdict : kWorstFirst) {
    for (const Kind kind : {Kind::result, Kind::one_class, Kind::cost}) {
      std::vector<VerdictRow> rows;
      for (const Cell& cell : cells) {
        if (cell.verdict == verdict && kind_of(cell) == kind) rows.push_back(row_of(cell));
      }
      const bool undecided = verdict == Verdict::inconclusive || verdict == Verdict::incomparable;
      if (undecided && kind != Kind::result) {
        rows = joined_by_reason(rows, kind == Kind::cost ? "costs" : "single classes");
      }
      out.insert(out.end(), rows.begin(), rows.end());
    }
  }
  return out;
}

}  // namespace

std::vector<VerdictRow> verdict_rows(const GateReport& report) { return worst_first(report.cells); }
std::vector<VerdictRow> verdict_rows(const SnapshotComparison& comparison) { return worst_first(comparison.cells); }

}  // namespace sslbench
