// SPDX-License-Identifier: Apache-2.0
#include "reports/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "reports/distributions.h"
#include "reports/drop_test.h"
#include "reports/hypothesis_tests.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

constexpr double kDetectionPower = 0.8;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string counted(size_t n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

bool covers(const GateRule& rule, const SnapshotCell& cell) {
  return cell.protocol == rule.row && cell.metric == rule.metric;
}

// Whether a recorded cell may be compared with what was measured now, and why not.
std::string why_incomparable(const SnapshotCell& now, const Snapshot& here, const SnapshotCell& then,
                             const Snapshot& there) {
  if (now.version != then.version) {
    return "protocol version " + std::to_string(now.version) + ", recorded " + std::to_string(then.version);
  }
  if (now.unit != then.unit) return "unit " + now.unit + ", recorded " + then.unit;
  if (now.dataset != then.dataset) return "data set " + now.dataset + ", recorded " + then.dataset;
  if (now.data != then.data) return "other data (digest " + now.data + ", recorded " + then.data + ")";
  if (now.config != then.config) return "other settings (digest " + now.config + ", recorded " + then.config + ")";
  if (!now.is_cost()) return "";
  if (here.machine_class != there.machine_class) {
    return "machine class '" + here.machine_class + "', recorded '" + there.machine_class + "'";
  }
  return there.official() ? "" : "recorded from a dirty tree or a debug build";
}

std::string why_unofficial(const Snapshot& snapshot) {
  if (snapshot.build_type != "Release") {
    return snapshot.build_type == "Debug" ? "debug build" : snapshot.build_type + " build";
  }
  return snapshot.dirty ? "dirty tree" : "";
}

// The values of one cell over history. A run that repeats an earlier one bit by bit (same seed, same value) is the same
// run again, not one more; what is judged now is no history of itself, even when it was recorded first.
struct Past {
  std::vector<double> values;
  std::set<std::pair<int64_t, double>> known, repeated;  // `repeated`: of now
  const SnapshotCell* last = nullptr;                    // the newest record of the cell, comparable or not
  std::string why_not;                                   // of the newest one that may not be compared
  int64_t largest_n = 0;                                 // of the same version
};

void add_values(const SnapshotCell& now, const SnapshotCell& then, Past& out) {
  for (const auto& pair : then.by_seed) {
    const auto here = now.by_seed.find(pair.first);
    if (here != now.by_seed.end() && here->second == pair.second) {
      out.repeated.insert(pair);
    } else if (out.known.insert(pair).second || now.is_cost()) {
      out.values.push_back(pair.second);
    }
  }
}

Past past_of(const SnapshotCell& cell, const Snapshot* now, const History& history) {
  Past out;
  const std::string since = history.accepted_until(cell);
  for (const Snapshot& run : history.runs) {
    if (run.created <= since) continue;
    const SnapshotCell* then = run.find(cell);
    if (then == nullptr) continue;
    out.last = then;
    if (now == nullptr) continue;
    if (then->version == cell.version && !cell.is_cost()) out.largest_n = std::max(out.largest_n, then->n);
    const std::string why = why_incomparable(cell, *now, *then, run);
    if (!why.empty()) {
      out.why_not = why;
    } else {
      add_values(cell, *then, out);
    }
  }
  return out;
}

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
  const std::string unofficial = why_unofficial(now);
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

std::map<Kind, double> least_deviations(const std::vector<GateCell>& cells) {
  std::map<Kind, std::pair<double, double>> sums;  // variance times weight, weight
  for (const GateCell& cell : cells) {
    if (cell.history.size() < kHistoryRuns) continue;
    const double sd = standard_deviation(cell.history), weight = static_cast<double>(cell.history.size() - 1);
    sums[kind_of(cell)].first += sd * sd * weight;
    sums[kind_of(cell)].second += weight;
  }
  std::map<Kind, double> out;
  for (const auto& [kind, sum] : sums) out[kind] = 0.5 * std::sqrt(sum.first / sum.second);
  return out;
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
      explain_noise(cell, least.at(kind_of(cell)), alpha / static_cast<double>(cells.size()));
    } else if (-cell.drop > cell.margin && better[i] <= alpha) {
      cell.verdict = Verdict::improved;
      cell.reason = "better than history and margin would give by chance";
    }
  }
}

// Rows whose planned runs all failed, and how many seeds of each failed.
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

// Cells that history knows and this run lacks; a rule that nothing answers to is one, too.
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
  report.warnings = history.warnings;
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
    apply(cell, drop_test(cell.history, cell.fresh, cell.cell.higher_is_better(), least.at(kind_of(cell))));
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
    apply(cell, drop_test(cell.history, cell.fresh, cell.cell.higher_is_better(), least.at(kind_of(cell))));
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
