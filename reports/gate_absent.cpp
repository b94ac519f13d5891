// SPDX-License-Identifier: Apache-2.0
#include "reports/gate_absent.h"

#include <algorithm>
#include <limits>
#include <map>

#include "reports/gate_past.h"

namespace sslbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

GateCell vanished(const SnapshotCell& cell, const GateRule& rule) {
  GateCell out;
  out.cell = cell;
  out.rule = rule;
  out.verdict = Verdict::missing;
  out.reason = "recorded before, not measured now";
  out.history_mean = out.fresh_mean = out.drop = out.detectable = kNone;
  out.change = {kNone, kNone};
  return out;
}

// Whether anything of that row and protocol is listed, or was measured now.
bool is_there(const GateReport& report, const Snapshot& now, const SnapshotCell& cell) {
  const auto alike = [&](const SnapshotCell& other) {
    return other.row == cell.row && other.protocol == cell.protocol;
  };
  return std::any_of(now.cells.begin(), now.cells.end(), alike) ||
         std::any_of(report.cells.begin(), report.cells.end(),
                     [&](const GateCell& known) { return alike(known.cell); });
}

// A protocol that left the suite together with its rule: its first metric of every row that had it.
void add_dropped_protocols(GateReport& report, const Snapshot& now, const History& history) {
  for (auto run = history.runs.rbegin(); run != history.runs.rend(); ++run) {
    for (const SnapshotCell& cell : run->cells) {
      if (cell.is_cost() || cell.is_detail() || cell.protocol == "pretrain" || is_there(report, now, cell)) continue;
      if (past_of(cell, nullptr, history).last == nullptr) continue;  // its end was accepted
      report.cells.push_back(vanished(cell, {cell.protocol, cell.metric, 0, ""}));
      report.cells.back().reason = "the protocol was recorded before and has left the suite";
    }
  }
}

}  // namespace

void add_missing(GateReport& report, const Snapshot& now, const History& history, const std::vector<GateRule>& rules) {
  for (const GateRule& rule : rules) {
    for (auto run = history.runs.rbegin(); run != history.runs.rend(); ++run) {
      for (const SnapshotCell& cell : run->cells) {
        const bool listed = std::any_of(report.cells.begin(), report.cells.end(),
                                        [&](const GateCell& known) { return known.cell.same_series(cell); });
        if (!covers(rule, cell) || listed || now.find(cell) != nullptr) continue;
        if (past_of(cell, nullptr, history).last == nullptr) continue;  // its end was accepted
        report.cells.push_back(vanished(cell, rule));
      }
    }
    const bool answered = std::any_of(report.cells.begin(), report.cells.end(),
                                      [&](const GateCell& known) { return covers(rule, known.cell); });
    if (answered) continue;
    SnapshotCell nothing;
    nothing.row = "*";
    nothing.protocol = rule.row;
    nothing.metric = rule.metric;
    report.cells.push_back(vanished(nothing, rule));
    report.cells.back().reason = "the rule names a metric that no run measured";
  }
  add_dropped_protocols(report, now, history);
}

void mark_failures(GateReport& report, const Snapshot& now) {
  std::map<std::string, std::pair<size_t, size_t>> failed_of;  // failed, planned
  std::map<std::string, std::string> status;
  for (const SnapshotRun& run : now.runs) {
    auto& [failed, planned] = failed_of[run.row];
    ++planned;
    if (run.status == "ok") continue;
    if (run.status == "collapsed") {
      status[run.row] = "collapsed";
      continue;
    }
    ++failed;
    status[run.row] = run.status;
  }
  for (GateCell& cell : report.cells) {
    const auto [failed, planned] = failed_of[cell.cell.row];
    if (failed == 0) {
      if (status[cell.cell.row] == "collapsed") cell.marks.push_back("collapsed");
      continue;
    }
    if (cell.fresh.empty() && status[cell.cell.row] != "not run") {
      cell.verdict = Verdict::failed;
      cell.reason = "no run ended well: " + status[cell.cell.row];
    } else {
      cell.marks.push_back(std::to_string(failed) + " of " + std::to_string(planned) +
                           " runs: " + status[cell.cell.row]);
    }
  }
}

}  // namespace sslbench
