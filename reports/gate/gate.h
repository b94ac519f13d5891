// SPDX-License-Identifier: Apache-2.0
// The gate: whether a commit made a metric worse, decided so that people may trust it. The chance that a suite without
// any change is called regressed is at most 1 %, whatever the number of cells, runs of history and margins, with and
// without confirmation (tests/reports/gate/gate_simulation_test.cpp).
//
// A cell is worse when its new runs lie below what the history of the cell predicts for that many runs
// (drop_significance.h, one-sided) and the drop is larger than the margin of its rule. Which probability is asked of
// the first condition:
//  - judge() alone: Holm's adjustment over all judged cells, at kFamilyAlpha.
//  - confirm(): suspects (2 %, unadjusted) were trained again with fresh seeds. First and fresh runs together are held
//    against history, Holm over all cells that might have been suspects, at kFamilyAlpha: history's own error sits in
//    both stages, so that a test of the fresh runs over the suspects alone would believe it twice. What the first runs
//    were chosen for can only take alarms away. The fresh runs by themselves must also be worse than the margin, at 2
//    %: a fluke of the first ones is no regression.
// The level is below the 1 % that is promised, since t intervals of bounded fractions and few nights are approximate.
//
// Samples: of results the runs; of costs the nights (recorded snapshots), since runs of one night share the machine.
// The spread of the history is never taken below half of that of all cells of the same metric (of costs: relative to
// their size), so that one lucky history does not raise an alarm. One record far off all others is left out and named
// (broken_record.h).
//
// Fixed seeds: runs repeat bit by bit, so that recording them again adds nothing and kHistoryRuns is never reached.
// Where records of this machine class show that they repeat, another value on the same seed, data and settings is the
// code's doing: same_seed_test() holds these pairs against the margin, in the same family. That keeps the 1 % where a
// commit merely reshuffles bits, for two seeds and more; of one seed the noise of training is assumed, not measured,
// and the 1 % holds where it is at most twice that of the test images.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/history/history.h"
#include "reports/history/verdict.h"
#include "reports/statistics/statistics.h"
#include "suites/plan/suite.h"

namespace sslbench {

inline constexpr size_t kHistoryRuns = 10;   // fewer decide nothing
inline constexpr size_t kHistoryNights = 4;  // likewise, of costs
inline constexpr size_t kNewRuns = 3;        // likewise
inline constexpr double kFamilyAlpha = 0.0075, kSuspectAlpha = 0.02;

struct GateCell {
  SnapshotCell cell;  // as measured now, else as history last had it
  GateRule rule;
  Verdict verdict = Verdict::inconclusive;
  std::string reason;              // one sentence, for every verdict but `same`
  std::vector<std::string> marks;  // "dirty tree", "debug build", "2 of 3 seeds failed", "bit-identical", "confirmed"
  std::vector<double> history, fresh;       // single runs; `fresh` with those of confirmation
  std::vector<double> nights;               // of costs: means of recorded snapshots
  size_t recorded = 0;                      // runs of history, broken ones included
  bool other_machine = false;               // a cost that history holds of other machine classes only
  bool same_seeds = false;                  // judged by pairs of repeating seeds: `history` is what these gave before
  double history_mean = 0, fresh_mean = 0;  // NaN without any
  double drop = 0;                          // positive = worse, in the metric's unit
  Interval change;                          // 95 % of fresh_mean - what history predicts
  double margin = 0;                        // in the metric's unit
  double p_worse = 1, p_better = 1;         // one-sided
  double adjusted = 1;                      // p_worse after Holm
  double detectable = 0;  // a drop that four of five times would have become a suspect; NaN when not judged
  bool suspect = false;   // worth training again
  std::optional<size_t> more_history, more_runs;  // that would decide an inconclusive cell, as far as can be told

  // As many runs and nights as decide something.
  bool has_history() const {
    return recorded >= kHistoryRuns && history.size() > 1 && (!cell.is_cost() || nights.size() >= kHistoryNights);
  }
};

struct GateReport {
  std::string suite, revision, history_until;  // newest commit of the history
  std::vector<GateCell> cells;
  size_t history_runs = 0;          // recorded snapshots
  size_t judged = 0, suspects = 0;  // cells with enough runs; worth training again
  size_t questions = 0;             // cells that might have been suspects
  bool confirmed = false;           // the suspects were trained again
  std::vector<SnapshotRun> failed;  // of the new runs

  size_t count(Verdict verdict) const;
};

// Stage one. UserError for a rule whose unit does not fit the metric.
GateReport judge(const Snapshot& now, const History& history, const std::vector<GateRule>& rules);

// Stage two: `again` holds runs of fresh seeds of the suspects' rows.
void confirm(GateReport& report, const Snapshot& again);

}  // namespace sslbench
