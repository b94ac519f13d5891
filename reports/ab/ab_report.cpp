// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/ab_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/statistics/significance.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

struct CostKind {
  const char *measure, *unit;
  bool higher_is_better;
  double AbRun::*value;
};

constexpr CostKind kCosts[] = {{"pretrain.cpu_per_image", "ms/image", false, &AbRun::cpu_per_image},
                               {"pretrain.throughput", "images/s", true, &AbRun::images_per_second},
                               {"pretrain.peak_memory", "B", false, &AbRun::peak_memory},
                               {"pretrain.peak_memory_device", "B", false, &AbRun::device_memory}};

// Those rounds in which both runs have the value.
struct Series {
  std::vector<double> log_ratios, old_values, new_values;
};

Series series_of(const AbRow& row, double AbRun::*value) {
  Series out;
  for (const AbRound& round : row.rounds) {
    const double before = round.old_run.*value, after = round.new_run.*value;
    if (!(before > 0) || !(after > 0)) continue;
    out.log_ratios.push_back(std::log(after / before));
    out.old_values.push_back(before);
    out.new_values.push_back(after);
  }
  return out;
}

// Round by round the mean over rows, of the rounds that all of them have.
std::vector<double> over_rows(const std::vector<Series>& rows) {
  size_t rounds = rows.front().log_ratios.size();
  for (const Series& each : rows) rounds = std::min(rounds, each.log_ratios.size());
  std::vector<double> out(rounds, 0);
  for (const Series& each : rows) {
    for (size_t round = 0; round < rounds; ++round) {
      out[round] += each.log_ratios[round] / static_cast<double>(rows.size());
    }
  }
  return out;
}

AbCost cost_of(const CostKind& kind, const std::string& row, const std::vector<double>& log_ratios) {
  AbCost out;
  out.row = row;
  out.measure = kind.measure;
  out.unit = kind.unit;
  out.higher_is_better = kind.higher_is_better;
  out.old_mean = out.new_mean = std::nan("");
  out.ratio = paired_ratio(log_ratios);
  return out;
}

std::vector<AbCost> costs_of(const std::vector<AbRow>& rows) {
  std::vector<AbCost> out;
  for (const CostKind& kind : kCosts) {
    std::vector<Series> found;
    for (const AbRow& row : rows) {
      Series series = series_of(row, kind.value);
      if (series.log_ratios.empty()) continue;
      out.push_back(cost_of(kind, row.row, series.log_ratios));
      out.back().old_mean = mean(series.old_values);
      out.back().new_mean = mean(series.new_values);
      found.push_back(std::move(series));
    }
    if (found.size() > 1) out.push_back(cost_of(kind, kAllRows, over_rows(found)));
  }
  return out;
}

void explain_noise(AbCost& cost, double alpha) {
  cost.reason = "worse than the margin, but within the noise of the rounds";
  if (const auto rounds = pairs_to_decide(cost.ratio, alpha)) {
    cost.reason += "; " + std::to_string(*rounds) + " rounds would decide";
  }
}

void settle(AbCost& cost, double worse, double better, double margin, double alpha) {
  const double limit = 1 + margin / 100;
  cost.adjusted = worse;
  if (cost.worsening() > limit && worse <= kAbAlpha) {
    cost.verdict = Verdict::regressed;
    cost.reason = "worse than margin and noise allow";
  } else if (cost.worsening() > limit) {
    explain_noise(cost, alpha);
  } else if (1 / cost.worsening() > limit && better <= kAbAlpha) {
    cost.verdict = Verdict::improved;
    cost.reason = "better than margin and noise would give";
  } else if (cost.ratio.interval.low >= 1 / limit && cost.ratio.interval.high <= limit) {
    cost.verdict = Verdict::same;
  } else if (cost.ratio.pairs < 2) {
    cost.reason = "one round says nothing of its noise";
  } else {
    cost.reason = "the interval is wider than the margin; more rounds narrow it";
  }
}

void settle_costs(std::vector<AbCost>& costs, double margin) {
  std::vector<double> worse, better;
  for (const AbCost& cost : costs) {
    worse.push_back(cost.higher_is_better ? cost.ratio.p_less : cost.ratio.p_greater);
    better.push_back(cost.higher_is_better ? cost.ratio.p_greater : cost.ratio.p_less);
  }
  worse = holm(worse);
  better = holm(better);
  const double alpha = kAbAlpha / static_cast<double>(std::max<size_t>(costs.size(), 1));
  for (size_t i = 0; i < costs.size(); ++i) settle(costs[i], worse[i], better[i], margin, alpha);
}

// Costs of whole runs are judged in turns; without them the rest is what `compare` judges.
Snapshot without_costs(Snapshot snapshot) {
  std::erase_if(snapshot.cells, [](const SnapshotCell& cell) { return cell.is_cost(); });
  return snapshot;
}

SnapshotComparison results_of(const AbInput& input) {
  SnapshotComparison out =
      compare_snapshots(without_costs(input.old_side.results), without_costs(input.new_side.results), input.rules);
  for (ComparedCell& cell : out.cells) {
    if (cell.verdict != Verdict::regressed || cell.adjusted <= 2 * kAbAlpha) continue;
    cell.verdict = Verdict::inconclusive;
    cell.reason =
        "worse, with a probability of chance of " + percent_text(cell.adjusted) + " %; more rounds would decide";
  }
  return out;
}

}  // namespace

size_t AbReport::count(Verdict verdict) const {
  return results.count(verdict) + static_cast<size_t>(std::count_if(costs.begin(), costs.end(), [&](const AbCost& c) {
           return c.verdict == verdict;
         }));
}

std::vector<AbCost> judge_costs(const std::vector<AbRow>& rows, double margin) {
  std::vector<AbCost> out = costs_of(rows);
  settle_costs(out, margin);
  return out;
}

AbReport judge_ab(AbInput input) {
  AbReport out;
  out.suite = input.suite;
  out.margin = input.margin;
  out.costs = judge_costs(input.rows, input.margin);
  for (const AbRow& row : input.rows) {
    out.rounds = std::max(out.rounds, row.rounds.size());
    if (!row.failure.empty()) out.failed.emplace_back(row.row, row.failure);
    LossCurves curves = loss_curves_of(row);
    if (curves.between.points > 0) out.curves.push_back(std::move(curves));
  }
  out.results = results_of(input);
  out.old_side = std::move(input.old_side);
  out.new_side = std::move(input.new_side);
  return out;
}

}  // namespace sslbench
