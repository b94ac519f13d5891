// SPDX-License-Identifier: Apache-2.0
#include "reports/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "reports/distributions.h"
#include "reports/drop_test.h"
#include "reports/gate_absent.h"
#include "reports/gate_past.h"
#include "reports/hypothesis_tests.h"
#include "reports/number_text.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

constexpr double kDetectionPower = 0.8;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double margin_of(const GateCell& cell) {
  if (cell.rule.unit == "percent") return cell.rule.max_drop / 100 * std::abs(cell.history_mean);
  if (cell.cell.is_cost()) {
    throw UserError("[gate] " + cell.rule.row + "." + cell.rule.metric +
                    ": unit \"points\" is for fractions, and this is in " + cell.cell.unit +
                    "; write unit = \"percent\"");
  }
  return cell.rule.max_drop / 100;
}

// Marks and verdicts that come before any statistics; whether the cell is settled.
bool settle_early(GateCell& cell, const Snapshot& now, const Past& past) {
  const std::string unofficial = now.why_unofficial();
  if (!unofficial.empty()) cell.marks.push_back(unofficial);
  if (past.largest_n > cell.cell.n) {
    cell.verdict = Verdict::missing;
    cell.reason = "covers " + std::to_string(cell.cell.n) + " items, recorded " + std::to_string(past.largest_n);
    return true;
  }
  if (cell.cell.is_cost() && !unofficial.empty()) {
    cell.verdict = Verdict::incomparable;
    cell.reason = "speed and memory of a " + unofficial + " say nothing; measure a clean release build";
    return true;
  }
  if (past.values.empty() && past.repeated.empty() && !past.why_not.empty()) {
    cell.verdict = Verdict::incomparable;
    cell.reason = past.why_not;
    return true;
  }
  if (!past.values.empty() || past.repeated.size() < cell.cell.by_seed.size()) return false;
  cell.verdict = Verdict::same;
  cell.marks.push_back("bit-identical");
  return true;
}

void apply(GateCell& cell, const DropTest& test) {
  cell.history_mean = test.history_mean;
  cell.fresh_mean = test.fresh_mean;
  cell.drop = test.drop;
  cell.change = test.change;
  cell.p_worse = test.p_worse;
  cell.p_better = test.p_better;
  cell.margin = margin_of(cell);
  const double df = static_cast<double>(cell.history.size() - 1);
  const double needed = std::max(cell.margin, t_quantile(1 - kSuspectAlpha, df) * test.standard_error);
  cell.detectable = needed + t_quantile(kDetectionPower, df) * test.standard_error;
}

bool too_few(GateCell& cell) {
  const size_t past = cell.history.size(), fresh = cell.fresh.size();
  if (past < kHistoryRuns) cell.more_history = kHistoryRuns - past;
  if (fresh < kNewRuns) cell.more_runs = kNewRuns - fresh;
  if (!cell.more_history && !cell.more_runs) return false;
  cell.verdict = Verdict::inconclusive;
  cell.reason = cell.more_history ? "history holds " + counted(past, "comparable run") + "; " +
                                        std::to_string(*cell.more_history) + " more would do"
                                  : counted(fresh, "new run") + "; " + std::to_string(*cell.more_runs) +
                                        " more would decide (--seeds), or --confirm";
  return true;
}

// Half of the typical spread of each kind of cell (protocol, metric, data set).
using Kind = std::tuple<std::string, std::string, std::string>;
Kind kind_of(const GateCell& cell) { return {cell.cell.protocol, cell.cell.metric, cell.cell.dataset}; }

// What a deviation is measured in: costs of rows lie far apart, and their spread grows with them.
double scale_of(const GateCell& cell) {
  const double size = std::abs(cell.history_mean);
  return cell.cell.is_cost() && size > 0 ? size : 1;
}

std::map<Kind, double> least_deviations(const std::vector<GateCell>& cells) {
  std::map<Kind, std::pair<double, double>> sums;  // variance times weight, weight
  for (const GateCell& cell : cells) {
    if (cell.history.size() < kHistoryRuns) continue;
    const double sd = standard_deviation(cell.history) / scale_of(cell);
    const double weight = static_cast<double>(cell.history.size() - 1);
    sums[kind_of(cell)].first += sd * sd * weight;
    sums[kind_of(cell)].second += weight;
  }
  std::map<Kind, double> out;
  for (const auto& [kind, sum] : sums) out[kind] = 0.5 * std::sqrt(sum.first / sum.second);
  return out;
}

double least_deviation_of(const GateCell& cell, const std::map<Kind, double>& least) {
  return least.at(kind_of(cell)) * scale_of(cell);
}

std::vector<double> adjusted(const std::vector<GateCell*>& cells, double GateCell::*p) {
  std::vector<double> values;
  for (const GateCell* cell : cells) values.push_back(cell->*p);
  return holm(values);
}

void explain_noise(GateCell& cell, double least_deviation, double alpha) {
  cell.verdict = Verdict::inconclusive;
  const auto needed = runs_to_decide(cell.history, cell.drop, least_deviation, alpha);
  cell.reason = "worse than the margin, but within the noise of the history";
  if (needed && *needed > cell.fresh.size()) {
    cell.more_runs = *needed - cell.fresh.size();
    cell.reason += "; " + counted(*cell.more_runs, "more run") + " would decide";
  }
}

void settle_judged(const std::vector<GateCell*>& cells, const std::map<Kind, double>& least, double alpha) {
  const std::vector<double> worse = adjusted(cells, &GateCell::p_worse), better = adjusted(cells, &GateCell::p_better);
  for (size_t i = 0; i < cells.size(); ++i) {
    GateCell& cell = *cells[i];
    cell.adjusted = worse[i];
    cell.verdict = Verdict::same;
    if (cell.drop > cell.margin && worse[i] <= alpha) {
      cell.verdict = Verdict::regressed;
      cell.reason = "worse than history and margin allow";
    } else if (cell.drop > cell.margin) {
      explain_noise(cell, least_deviation_of(cell, least), alpha / static_cast<double>(cells.size()));
    } else if (-cell.drop > cell.margin && better[i] <= alpha) {
      cell.verdict = Verdict::improved;
      cell.reason = "better than history and margin would give by chance";
    }
  }
}

GateCell cell_with_past(const SnapshotCell& cell, const GateRule& rule, const Snapshot& now, const History& history,
                        bool& settled) {
  GateCell out;
  out.cell = cell;
  out.rule = rule;
  const Past past = past_of(cell, &now, history);
  out.history = past.values;
  out.fresh = cell.values();
  out.history_mean = mean(out.history);
  out.fresh_mean = mean(out.fresh);
  out.margin = margin_of(out);
  if (!past.accepted.empty()) out.marks.push_back("history since it was accepted, " + past.accepted);
  const double change = out.fresh_mean - out.history_mean;
  out.drop = cell.higher_is_better() ? -change : change;
  out.change = {kNone, kNone};
  out.detectable = kNone;
  settled = settle_early(out, now, past);
  return out;
}

}  // namespace

size_t GateReport::count(Verdict verdict) const {
  return static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [&](const GateCell& cell) { return cell.verdict == verdict; }));
}

GateReport judge(const Snapshot& now, const History& history, const std::vector<GateRule>& rules) {
  GateReport report{now.suite, now.revision, history.runs.empty() ? "" : history.runs.back().revision};
  report.history_runs = history.runs.size();
  for (const SnapshotRun& run : now.runs) {
    if (run.status.starts_with("failed")) report.failed.push_back(run);
  }
  std::vector<bool> settled;
  for (const SnapshotCell& cell : now.cells) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const GateRule& r) { return covers(r, cell); });
    if (rule == rules.end()) continue;
    bool done = false;
    report.cells.push_back(cell_with_past(cell, *rule, now, history, done));
    settled.push_back(done);
  }
  const std::map<Kind, double> least = least_deviations(report.cells);
  std::vector<GateCell*> judged;
  for (size_t i = 0; i < settled.size(); ++i) {
    GateCell& cell = report.cells[i];
    if (settled[i]) continue;
    const bool few = too_few(cell);
    if (cell.history.size() < kHistoryRuns) continue;
    apply(cell, drop_test(cell.history, cell.fresh, cell.cell.higher_is_better(), least_deviation_of(cell, least)));
    cell.suspect = cell.drop > cell.margin && cell.p_worse <= kSuspectAlpha;
    report.suspects += cell.suspect;
    if (!few) judged.push_back(&cell);
  }
  report.judged = judged.size();
  settle_judged(judged, least, kFamilyAlpha);
  add_missing(report, now, history, rules);
  mark_failures(report, now);
  return report;
}

void confirm(GateReport& report, const Snapshot& again) {
  const std::map<Kind, double> least = least_deviations(report.cells);
  std::vector<GateCell*> judged;
  for (GateCell& cell : report.cells) {
    if (!cell.suspect) continue;
    const SnapshotCell* found = again.find(cell.cell);
    cell.fresh = found == nullptr ? std::vector<double>{} : found->values();
    if (cell.fresh.size() < kNewRuns) {
      cell.verdict = Verdict::inconclusive;
      cell.reason = "suspect, but only " + counted(cell.fresh.size(), "fresh run") + " ended well";
      continue;
    }
    apply(cell, drop_test(cell.history, cell.fresh, cell.cell.higher_is_better(), least_deviation_of(cell, least)));
    cell.more_runs.reset();
    judged.push_back(&cell);
  }
  settle_judged(judged, least, kSuspectAlpha);
  for (GateCell* cell : judged) {
    const std::string runs = counted(cell->fresh.size(), "fresh run");
    if (cell->verdict == Verdict::regressed) {
      cell->marks.push_back("confirmed");
      cell->reason = "confirmed by " + runs;
    } else if (cell->verdict == Verdict::same) {
      cell->reason = "suspect, not confirmed by " + runs;
    }
  }
  report.confirmed = true;
}

}  // namespace sslbench
