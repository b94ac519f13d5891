// SPDX-License-Identifier: Apache-2.0
#include "reports/history/snapshot_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "reports/history/comparability.h"
#include "reports/history/compared_pairs.h"
#include "reports/history/series_index.h"
#include "reports/statistics/distributions.h"
#include "reports/statistics/significance.h"

namespace sslbench {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kMarginPoints = 0.5, kMarginPercent = 5;

double margin_of(const SnapshotCell& cell, double base_mean, const std::vector<GateRule>& rules) {
  double points = cell.is_fraction() ? kMarginPoints : 0, percent = cell.is_fraction() ? 0 : kMarginPercent;
  for (const GateRule& rule : rules) {
    if (!covers(rule, cell)) continue;
    points = rule.unit == "points" ? rule.max_drop : 0;
    percent = rule.unit == "percent" ? rule.max_drop : 0;
  }
  return points / 100 + percent / 100 * std::abs(base_mean);
}

// How many runs a side, more than there are, would settle a cell whose change stays as it is: a change beyond the
// margin when it excludes 0 even as the first of `questions`, another when the interval lies within the margin.
std::optional<size_t> runs_for(const ComparedCell& cell, double sd, size_t questions) {
  constexpr size_t kMost = 1000;
  const bool beyond = std::abs(cell.change) > cell.margin;
  const double goal = beyond ? std::abs(cell.change) : cell.margin - std::abs(cell.change);
  const double alpha = beyond ? kCompareAlpha / static_cast<double>(questions) : 1 - kConfidence;
  const size_t have = std::max(cell.base.by_seed.size(), cell.now.by_seed.size());
  if (!(sd >= 0) || !(goal > 0)) return std::nullopt;
  for (size_t n = have + 1; n <= kMost; ++n) {
    const double side = static_cast<double>(n);
    if (t_quantile(1 - alpha / 2, 2 * side - 2) * sd * std::sqrt(2 / side) < goal) return n;
  }
  return std::nullopt;
}

// Fills in the statistics; whether there are enough runs to judge.
bool measure(ComparedCell& cell) {
  const std::vector<double> a = cell.base.values(), b = cell.now.values();
  cell.base_mean = mean(a);
  cell.new_mean = mean(b);
  cell.change = cell.new_mean - cell.base_mean;
  cell.interval = {kNone, kNone};
  if (measure_pairs(cell)) return true;
  if (a.size() < 2 || b.size() < 2) return false;
  const TTest test = welch_t(b, a);
  const bool no_spread = standard_deviation(a) == 0 && standard_deviation(b) == 0;
  cell.interval = no_spread ? Interval{cell.change, cell.change} : test.interval;
  cell.p = no_spread ? (cell.change == 0 ? 1 : 0) : test.p;
  return a.size() >= kRunsToClaim && b.size() >= kRunsToClaim;
}

ComparedCell compared(const SnapshotComparison& all, const SnapshotCell& base, const SnapshotCell* now,
                      const std::vector<GateRule>& rules, bool& judge) {
  ComparedCell cell;
  cell.base = base;
  cell.base_mean = mean(base.values());
  cell.new_mean = cell.change = kNone;
  cell.interval = {kNone, kNone};
  judge = false;
  if (now == nullptr) {
    cell.verdict = Verdict::missing;
    cell.reason = "only in the base";
    return cell;
  }
  cell.now = *now;
  cell.reason = why_incomparable(all.base, base, all.now, *now);
  if (cell.reason.empty() && !base.is_cost() && base.n != now->n) {
    cell.reason = "items " + std::to_string(base.n) + " → " + std::to_string(now->n);
  }
  if (!cell.reason.empty()) {
    cell.verdict = Verdict::incomparable;
    cell.new_mean = mean(now->values());
    return cell;
  }
  const std::string settings = settings_difference(all.base, base, all.now, *now);
  if (!settings.empty()) cell.marks.push_back("settings differ: " + settings);
  if (base.config.empty() || now->config.empty()) cell.marks.push_back("settings and data not known");
  const bool enough = measure(cell);
  cell.margin = margin_of(base, cell.base_mean, rules);
  if (!base.is_cost() && base.by_seed == now->by_seed) {
    cell.verdict = Verdict::same;
    cell.marks.push_back("bit-identical");
  } else if (!enough) {
    cell.runs_needed = kRunsToClaim;
    cell.reason = std::to_string(base.by_seed.size()) + " and " + std::to_string(now->by_seed.size()) +
                  " runs; at least 3 a side decide something";
  } else {
    judge = true;
  }
  return cell;
}

void judge_cell(ComparedCell& cell, size_t questions) {
  const bool better = (cell.change > 0) == cell.base.higher_is_better();
  if (cell.adjusted <= kCompareAlpha && std::abs(cell.change) > cell.margin) {
    cell.verdict = better ? Verdict::improved : Verdict::regressed;
    return;
  }
  if (cell.interval.low >= -cell.margin && cell.interval.high <= cell.margin) {
    cell.verdict = Verdict::same;
    return;
  }
  if (cell.adjusted <= kCompareAlpha) {
    cell.verdict = Verdict::same;
    cell.reason = "differs by less than the margin";
    return;
  }
  cell.reason = "the interval is wider than the margin";
  if (cell.paired) return;
  const std::vector<double> a = cell.base.values(), b = cell.now.values();
  const double sd = std::hypot(standard_deviation(a), standard_deviation(b)) / std::sqrt(2.0);
  cell.runs_needed = runs_for(cell, sd, questions);
  if (cell.runs_needed) cell.reason += "; " + std::to_string(*cell.runs_needed) + " runs a side would decide";
}

// Questions of one kind are adjusted together: results, their classes, costs.
enum class Family { result, detail, cost };
Family family_of(const SnapshotCell& cell) {
  return cell.is_cost() ? Family::cost : cell.is_detail() ? Family::detail : Family::result;
}

void judge_family(SnapshotComparison& comparison, const std::vector<size_t>& members) {
  std::vector<double> p;
  for (const size_t i : members) p.push_back(comparison.cells[i].p);
  const std::vector<double> adjusted = holm(p);
  for (size_t i = 0; i < members.size(); ++i) {
    comparison.cells[members[i]].adjusted = adjusted[i];
    judge_cell(comparison.cells[members[i]], members.size());
  }
}

}  // namespace

size_t SnapshotComparison::count(Verdict verdict) const {
  return static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [&](const ComparedCell& cell) { return cell.verdict == verdict; }));
}

bool covers(const GateRule& rule, const SnapshotCell& cell) {
  return cell.protocol == rule.row && cell.metric == rule.metric;
}

SnapshotComparison compare_snapshots(Snapshot base, Snapshot now, const std::vector<GateRule>& rules) {
  SnapshotComparison out{std::move(base), std::move(now), {}, {}};
  const SeriesIndex in_base(out.base), in_now(out.now);
  std::map<Family, std::vector<size_t>> judged;
  for (const SnapshotCell& cell : out.base.cells) {
    bool judge = false;
    const auto place = in_now.find(cell);
    out.cells.push_back(compared(out, cell, place ? &out.now.cells[*place] : nullptr, rules, judge));
    if (judge) judged[family_of(cell)].push_back(out.cells.size() - 1);
  }
  for (const auto& [family, members] : judged) judge_family(out, members);
  for (const SnapshotCell& cell : out.now.cells) {
    if (!in_base.find(cell)) out.only_new.push_back(cell.name());
  }
  return out;
}

}  // namespace sslbench
