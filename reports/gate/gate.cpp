// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate.h"

#include <algorithm>

#include "reports/gate/gate_absent.h"
#include "reports/gate/gate_cell.h"
#include "reports/history/snapshot_comparison.h"
#include "reports/statistics/significance.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

// Holm over `questions`, of which only those of `cells` may be answered by yes.
std::vector<double> adjusted(const std::vector<GateCell*>& cells, double GateCell::*p, size_t questions) {
  std::vector<double> values(std::max(questions, cells.size()), 1);
  for (size_t i = 0; i < cells.size(); ++i) values[i] = cells[i]->*p;
  values = holm(values);
  values.resize(cells.size());
  return values;
}

void explain_noise(GateCell& cell, const LeastDeviations& least, double alpha) {
  cell.verdict = Verdict::inconclusive;
  cell.reason = std::string("worse than the margin, but within the noise of ") +
                (cell.same_seeds       ? "the seeds; rotate them (--seeds) for a history that tells smaller drops"
                 : cell.cell.is_cost() ? "the nights"
                                       : "the history");
  if (cell.same_seeds || cell.cell.is_cost()) return;
  const auto needed = runs_to_decide(cell.history, cell.drop, least.of(cell), alpha);
  if (needed && *needed > cell.fresh.size()) {
    cell.more_runs = *needed - cell.fresh.size();
    cell.reason += "; " + counted(*cell.more_runs, "more run") + " would decide";
  }
}

void settle_judged(const std::vector<GateCell*>& cells, const LeastDeviations& least, size_t questions) {
  const std::vector<double> worse = adjusted(cells, &GateCell::p_worse, questions),
                            better = adjusted(cells, &GateCell::p_better, questions);
  for (size_t i = 0; i < cells.size(); ++i) {
    GateCell& cell = *cells[i];
    cell.adjusted = worse[i];
    const Verdict before = cell.verdict;
    if (cell.drop > cell.margin && worse[i] <= kFamilyAlpha) {
      cell.verdict = Verdict::regressed;
      cell.reason = cell.same_seeds ? "worse on the same seeds than margin and their noise allow"
                                    : "worse than history and margin allow";
    } else if (cell.drop > cell.margin) {
      explain_noise(cell, least, kFamilyAlpha / static_cast<double>(std::max<size_t>(questions, 1)));
    } else if (-cell.drop > cell.margin && better[i] <= kFamilyAlpha) {
      cell.verdict = Verdict::improved;
      cell.reason = "better than history and margin would give by chance";
    } else if (!cell.same_seeds) {  // a few seeds are no history: what they do not show may still be
      cell.verdict = Verdict::same;
    }
    if (cell.verdict != before) cell.more_history.reset();
  }
}

// Whether fresh runs by themselves are worse, too, so that first runs that were a fluke do not count.
bool are_worse(const GateCell& cell, const std::vector<double>& fresh, const LeastDeviations& least) {
  const DropTest test = test_of(cell, fresh, least);
  return test.drop > cell.margin && test.p_worse <= kSuspectAlpha;
}

}  // namespace

size_t GateReport::count(Verdict verdict) const {
  return static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [&](const GateCell& cell) { return cell.verdict == verdict; }));
}

GateReport judge(const Snapshot& now, const History& history, const std::vector<GateRule>& rules) {
  GateReport report{now.suite, now.shown_commit(), history.runs.empty() ? "" : history.runs.back().shown_commit()};
  report.history_runs = history.runs.size();
  for (const SnapshotRun& run : now.runs) {
    if (run_status(run.status).has_failed()) report.failed.push_back(run);
  }
  std::vector<Standing> standings;
  for (const SnapshotCell& cell : now.cells) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const GateRule& r) { return covers(r, cell); });
    if (rule == rules.end()) continue;
    Standing standing{};
    report.cells.push_back(cell_with_past(cell, *rule, now, history, standing));
    standings.push_back(standing);
  }
  const LeastDeviations least(report.cells);
  std::vector<GateCell*> judged;
  for (size_t i = 0; i < standings.size(); ++i) {
    GateCell& cell = report.cells[i];
    if (standings[i] == Standing::settled || (!cell.has_history() && !cell.same_seeds)) continue;
    ++report.questions;
    if (!cell.same_seeds) {
      apply(cell, test_of(cell, cell.fresh, least));
      cell.suspect = cell.drop > cell.margin && cell.p_worse <= kSuspectAlpha;
      report.suspects += cell.suspect;
    }
    if (standings[i] == Standing::judged) judged.push_back(&cell);
  }
  report.judged = judged.size();
  settle_judged(judged, least, judged.size());
  add_missing(report, now, history, rules);
  mark_failures(report, now);
  return report;
}

void confirm(GateReport& report, const Snapshot& again) {
  const LeastDeviations least(report.cells);
  std::vector<GateCell*> judged;
  std::vector<std::vector<double>> fresh;
  for (GateCell& cell : report.cells) {
    if (!cell.suspect) continue;
    const SnapshotCell* found = again.find(cell.cell);
    const std::vector<double> runs = found == nullptr ? std::vector<double>{} : found->values();
    if (runs.size() < kNewRuns) {
      cell.verdict = Verdict::inconclusive;
      cell.reason = "suspect, but only " + counted(runs.size(), "fresh run") + " ended well";
      continue;
    }
    cell.fresh.insert(cell.fresh.end(), runs.begin(), runs.end());
    apply(cell, test_of(cell, cell.fresh, least));
    cell.more_runs.reset();
    judged.push_back(&cell);
    fresh.push_back(runs);
  }
  settle_judged(judged, least, report.questions);
  for (size_t i = 0; i < judged.size(); ++i) {
    GateCell& cell = *judged[i];
    const std::string runs = counted(fresh[i].size(), "fresh run");
    if (!are_worse(cell, fresh[i], least)) {
      if (cell.verdict != Verdict::improved) cell.verdict = Verdict::same;
      cell.more_runs.reset();
      cell.reason = "suspect, not confirmed by " + runs;
    } else if (cell.verdict == Verdict::regressed) {
      cell.marks.push_back("confirmed");
      cell.reason = "confirmed by " + runs;
    }
  }
  report.confirmed = true;
}

}  // namespace sslbench
