// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate_absent.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "reports/gate/gate_past.h"
#include "reports/history/snapshot_comparison.h"
#include "suites/ground/near_miss.h"

namespace sslbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

GateCell vanished(const SnapshotCell& cell, const GateRule& rule, const std::string& reason) {
  GateCell out;
  out.cell = cell;
  out.rule = rule;
  out.verdict = Verdict::missing;
  out.reason = reason;
  out.history_mean = out.fresh_mean = out.drop = out.detectable = kNone;
  out.change = {kNone, kNone};
  return out;
}

// Lists what history knows, newest first, and `absent` calls missing, but for what its end was accepted of. `absent`
// sees what is listed already.
void add_absent(GateReport& report, const History& history, const std::function<bool(const SnapshotCell&)>& absent,
                const GateRule& margin, const std::string& reason) {
  for (auto run = history.runs.rbegin(); run != history.runs.rend(); ++run) {
    for (const SnapshotCell& cell : run->cells) {
      if (!absent(cell) || past_of(cell, nullptr, history).last == nullptr) continue;
      report.cells.push_back(vanished(cell, {cell.protocol, cell.metric, margin.max_drop, margin.unit}, reason));
    }
  }
}

bool lists(const GateReport& report, const std::function<bool(const SnapshotCell&)>& like) {
  return std::any_of(report.cells.begin(), report.cells.end(), [&](const GateCell& known) { return like(known.cell); });
}

void add_missing_of_rule(GateReport& report, const Snapshot& now, const History& history, const GateRule& rule) {
  const auto absent = [&](const SnapshotCell& cell) {
    return covers(rule, cell) && now.find(cell) == nullptr &&
           !lists(report, [&](const SnapshotCell& known) { return known.same_series(cell); });
  };
  const auto undefined = now.undefined.find(rule.row + "." + rule.metric);
  const std::string why = undefined == now.undefined.end() ? "" : "undefined: " + undefined->second;
  add_absent(report, history, absent, rule, why.empty() ? "recorded before, not measured now" : why);
  if (lists(report, [&](const SnapshotCell& known) { return covers(rule, known); })) return;
  SnapshotCell nothing;
  nothing.row = "*";
  nothing.protocol = rule.row;
  nothing.metric = rule.metric;
  std::vector<std::string> measured;
  for (const SnapshotCell& cell : now.cells) measured.push_back(cell.measure());
  if (!why.empty()) {
    report.cells.push_back(vanished(nothing, rule, why));
    return;
  }
  report.cells.push_back(vanished(
      nothing, rule, "the rule names a metric that no run measured" + did_you_mean(nothing.measure(), measured)));
}

// A protocol that left the suite together with its rule: its first metric of every row that had it.
void add_dropped_protocols(GateReport& report, const Snapshot& now, const History& history) {
  std::set<std::pair<std::string, std::string>> measured;
  for (const SnapshotCell& cell : now.cells) measured.emplace(cell.row, cell.protocol);
  const auto absent = [&](const SnapshotCell& cell) {
    const auto alike = [&](const SnapshotCell& other) {
      return other.row == cell.row && other.protocol == cell.protocol;
    };
    return !cell.is_cost() && !cell.is_detail() && cell.protocol != "pretrain" &&
           !measured.contains({cell.row, cell.protocol}) && !lists(report, alike);
  };
  add_absent(report, history, absent, {}, "recorded before, not measured now, and no rule names it any more");
}

}  // namespace

void add_missing(GateReport& report, const Snapshot& now, const History& history, const std::vector<GateRule>& rules) {
  for (const GateRule& rule : rules) add_missing_of_rule(report, now, history, rule);
  add_dropped_protocols(report, now, history);
}

void mark_failures(GateReport& report, const Snapshot& now) {
  std::map<std::string, std::pair<size_t, size_t>> failed_of;  // failed, planned
  std::map<std::string, std::set<std::string>> statuses;
  std::set<std::string> collapsed;
  for (const SnapshotRun& run : now.runs) {
    auto& [failed, planned] = failed_of[run.row];
    ++planned;
    const RunStatus status = run_status(run.status);
    if (status.ok()) continue;
    if (status.collapsed()) {
      collapsed.insert(run.row);
      continue;
    }
    ++failed;
    statuses[run.row].insert(run.status);
  }
  for (GateCell& cell : report.cells) {
    const auto [failed, planned] = failed_of[cell.cell.row];
    if (failed == 0) {
      if (collapsed.contains(cell.cell.row)) cell.marks.push_back("collapsed");
      continue;
    }
    const std::set<std::string>& how = statuses[cell.cell.row];
    std::string list;
    for (const std::string& status : how) list += (list.empty() ? "" : ", ") + status;
    if (cell.fresh.empty() && how != std::set<std::string>{RunStatus().text()}) {
      cell.verdict = Verdict::failed;
      cell.reason = "no run ended well: " + list;
    } else {
      cell.marks.push_back(std::to_string(failed) + " of " + std::to_string(planned) + " runs: " + list);
    }
  }
}

}  // namespace sslbench
