// SPDX-License-Identifier: Apache-2.0
// The gate: whether a commit made a metric worse, decided so that people may trust it. The chance that a suite without
// any change is called regressed is at most 1 %, whatever the number of cells.
//
// A cell is worse when the mean of its new runs lies below what the history of the cell predicts for that many runs
// (Student's t over single runs, one-sided) and the drop is larger than the margin of its rule. Which probability is
// asked of the first condition depends on how the answer is used:
//  - judge() alone: Holm's adjustment over all judged cells, family level 1 %.
//  - suspects (2 %, unadjusted) trained again with fresh seeds: confirm() judges those by the fresh runs only, Holm
//  over
//    the suspects, 2 %.
// The spread of the history is never taken below half of that of all cells of the same metric (of costs: relative to
// their size), so that one lucky history does not raise an alarm.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/history.h"
#include "reports/statistics.h"
#include "reports/verdict.h"
#include "suites/spec/suite.h"

namespace sslbench {

inline constexpr size_t kHistoryRuns = 10;  // fewer decide nothing
inline constexpr size_t kNewRuns = 3;       // likewise
inline constexpr double kFamilyAlpha = 0.01, kSuspectAlpha = 0.02;

struct GateCell {
  SnapshotCell cell;  // as measured now, else as history last had it
  GateRule rule;
  Verdict verdict = Verdict::inconclusive;
  std::string reason;              // one sentence, for every verdict but `same`
  std::vector<std::string> marks;  // "dirty tree", "debug build", "2 of 3 seeds failed", "bit-identical", "confirmed"
  std::vector<double> history, fresh;       // single runs
  double history_mean = 0, fresh_mean = 0;  // NaN without any
  double drop = 0;                          // positive = worse, in the metric's unit
  Interval change;                          // 95 % of fresh_mean - what history predicts
  double margin = 0;                        // in the metric's unit
  double p_worse = 1, p_better = 1;         // one-sided
  double adjusted = 1;                      // p_worse after Holm
  double detectable = 0;  // a drop that four of five times would have become a suspect; NaN when not judged
  bool suspect = false;   // worth training again
  std::optional<size_t> more_history, more_runs;  // that would decide an inconclusive cell, as far as can be told
};

struct GateReport {
  std::string suite, revision, history_until;  // newest commit of the history
  std::vector<GateCell> cells;
  size_t history_runs = 0;          // recorded snapshots
  size_t judged = 0, suspects = 0;  // of these: with enough runs; worth training again
  bool confirmed = false;           // the suspects were trained again
  std::vector<SnapshotRun> failed;  // of the new runs

  size_t count(Verdict verdict) const;
};

// Stage one. UserError for a rule whose unit does not fit the metric.
GateReport judge(const Snapshot& now, const History& history, const std::vector<GateRule>& rules);

// Stage two: `again` holds runs of fresh seeds of the suspects' rows.
void confirm(GateReport& report, const Snapshot& again);

}  // namespace sslbench
