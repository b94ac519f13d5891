// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/gate_cell.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"
#include "reports/text/number_text.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr double kDetectionPower = 0.8;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double margin_of(const GateCell& cell) {
  if (cell.rule.unit == "percent") return cell.rule.max_drop / 100 * std::abs(cell.history_mean);
  if (!cell.cell.is_fraction()) {
    if (cell.verdict == Verdict::incomparable) return kNone;  // its unit is another one than the rule was made for
    throw UserError("[gate] " + cell.rule.row + "." + cell.rule.metric +
                    ": unit \"points\" is for fractions, and this is " +
                    (cell.cell.unit == "1" ? "a quantity" : "in " + cell.cell.unit) + "; write unit = \"percent\"");
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
  if (past.runs.empty() && past.repeated.empty() && !past.why_not.empty()) {
    cell.verdict = Verdict::incomparable;
    cell.reason = past.why_not;
    cell.other_machine = past.why_not.starts_with("machine class");
    if (cell.other_machine) cell.reason += "; --ab OLD compares two builds on this machine";
    return true;
  }
  const bool only_known = past.runs.empty() && past.repeated.size() >= cell.cell.by_seed.size();
  if (past.unchanged_since.empty() && !only_known) return false;
  cell.verdict = Verdict::same;
  cell.marks.push_back(past.unchanged_since.empty() ? "bit-identical"
                                                    : "bit-identical to " + past.unchanged_since.substr(0, 10));
  return true;
}

std::string seeds_text(const std::set<int64_t>& seeds) {
  constexpr size_t kShown = 10;
  std::string out = seeds.size() == 1 ? "seed" : "seeds";
  size_t shown = 0;
  for (const int64_t seed : seeds) {
    if (++shown > kShown) return out + ", ...";
    out += (shown == 1 ? " " : ", ") + std::to_string(seed);
  }
  return out;
}

// Those of now, where history holds them all.
std::set<int64_t> seeds_of_now(const SnapshotCell& now, const Past& past) {
  std::set<int64_t> recorded, out;
  for (const auto& [seed, value] : past.known) recorded.insert(seed);
  for (const auto& [seed, value] : now.by_seed) {
    if (recorded.contains(seed)) out.insert(seed);
  }
  return out.size() == now.by_seed.size() ? out : std::set<int64_t>();
}

// Why history decides nothing: nights with the same seeds are no more runs.
std::string short_history_text(const GateCell& cell, const Past& past) {
  const std::string has = "history holds " + counted(cell.recorded, "comparable run");
  if (cell.recorded >= kHistoryRuns) {
    return has + " of " + counted(cell.nights.size(), "night") + "; " +
           std::to_string(kHistoryNights - cell.nights.size()) + " more nights would do";
  }
  const std::string more = std::to_string(kHistoryRuns - cell.recorded);
  const std::set<int64_t> repeated = seeds_of_now(cell.cell, past);
  if (past.seeds_again.empty() && !repeated.empty()) {
    return has + ", of the " + seeds_text(repeated) +
           " of now, which may come again as often as they will; rotate the seeds (--seeds), " + more +
           " other runs would do";
  }
  if (past.seeds_again.empty()) return has + "; " + more + " more would do";
  return has + ": " + seeds_text(past.seeds_again) + " come again in " + std::to_string(past.records) +
         " records, which adds none; rotate the seeds (--seeds), " + more + " other runs would do";
}

bool has_too_few(GateCell& cell, const Past& past) {
  const size_t fresh = cell.fresh.size();
  if (!cell.has_history()) {
    cell.more_history =
        cell.recorded < kHistoryRuns ? kHistoryRuns - cell.recorded : kHistoryNights - cell.nights.size();
  }
  if (fresh < kNewRuns) cell.more_runs = kNewRuns - fresh;
  if (!cell.more_history && !cell.more_runs) return false;
  cell.verdict = Verdict::inconclusive;
  cell.reason = cell.more_history ? short_history_text(cell, past)
                                  : counted(fresh, "new run") + "; " + std::to_string(*cell.more_runs) +
                                        " more would decide (--seeds), or --confirm";
  return true;
}

// Judged by what the same seeds gave before, where they repeat and history will never be long enough; whether it is.
bool pair_seeds(GateCell& cell, const Past& past) {
  if (cell.cell.is_cost() || cell.has_history() || past.seeds_again.empty()) return false;
  const SeedPairs pairs = repeating_pairs(cell.cell, past);
  if (pairs.before.empty()) return false;
  cell.same_seeds = true;
  cell.history = pairs.before;
  cell.fresh = pairs.after;
  cell.more_runs.reset();
  cell.marks.push_back("paired: history repeats these seeds bit by bit");
  apply(cell, same_seed_test(cell.history, cell.fresh, cell.cell.higher_is_better(), cell.cell.n));
  return true;
}

std::tuple<std::string, std::string, std::string> kind_of(const GateCell& cell) {
  return {cell.cell.protocol, cell.cell.metric, cell.cell.dataset};
}

std::string accepted_text(const Acceptance& accepted) {
  return accepted.pending ? "accepted with this change: " + short_value(accepted.reason)
                          : "history since it was accepted, " + accepted.created;
}

// What a deviation is measured in: what is no fraction lies far apart from row to row, and its spread grows with it.
double scale_of(const GateCell& cell) {
  const double size = std::abs(cell.history_mean);
  return !cell.cell.is_fraction() && size > 0 ? size : 1;
}

}  // namespace

GateCell cell_with_past(const SnapshotCell& cell, const GateRule& rule, const Snapshot& now, const History& history,
                        Standing& standing) {
  GateCell out;
  out.cell = cell;
  out.rule = rule;
  Past past = past_of(cell, &now, history);
  standing = settle_early(out, now, past) ? Standing::settled : Standing::judged;
  out.recorded = values_of(past.runs).size();
  const std::string broken = take_out_broken(past.runs, cell.is_cost());
  if (!broken.empty()) out.marks.push_back("without the record of " + broken + ", which lies far off all others");
  out.history = values_of(past.runs);
  if (cell.is_cost()) out.nights = means_of(past.runs);
  out.fresh = cell.values();
  out.history_mean = mean(cell.is_cost() ? out.nights : out.history);
  out.fresh_mean = mean(out.fresh);
  out.margin = margin_of(out);
  if (past.accepted != nullptr) out.marks.push_back(accepted_text(*past.accepted));
  const double change = out.fresh_mean - out.history_mean;
  out.drop = cell.higher_is_better() ? -change : change;
  out.change = {kNone, kNone};
  out.detectable = kNone;
  if (standing == Standing::judged && has_too_few(out, past) && !pair_seeds(out, past)) standing = Standing::too_few;
  return out;
}

LeastDeviations::LeastDeviations(const std::vector<GateCell>& cells) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<double, double>> sums;  // variance, weight
  for (const GateCell& cell : cells) {
    if (!cell.has_history()) continue;
    const std::vector<double>& samples = cell.cell.is_cost() ? cell.nights : cell.history;
    const double deviation = cell.cell.is_cost() ? night_deviation(samples) : standard_deviation(samples);
    const double weight = static_cast<double>(samples.size() - 1);
    sums[kind_of(cell)].first += std::pow(deviation / scale_of(cell), 2) * weight;
    sums[kind_of(cell)].second += weight;
  }
  for (const auto& [kind, sum] : sums) by_kind_[kind] = 0.5 * std::sqrt(sum.first / sum.second);
}

double LeastDeviations::of(const GateCell& cell) const {
  const auto found = by_kind_.find(kind_of(cell));
  return found == by_kind_.end() ? 0 : found->second * scale_of(cell);
}

DropTest test_of(const GateCell& cell, const std::vector<double>& runs, const LeastDeviations& least) {
  const bool higher = cell.cell.higher_is_better();
  return cell.cell.is_cost() ? night_test(cell.nights, mean(runs), higher, least.of(cell))
                             : drop_test(cell.history, runs, higher, least.of(cell));
}

void apply(GateCell& cell, const DropTest& test) {
  cell.history_mean = test.history_mean;
  cell.fresh_mean = test.fresh_mean;
  cell.drop = test.drop;
  cell.change = test.change;
  cell.p_worse = test.p_worse;
  cell.p_better = test.p_better;
  cell.margin = margin_of(cell);
  const double needed = std::max(cell.margin, t_quantile(1 - kSuspectAlpha, test.df) * test.standard_error);
  cell.detectable = needed + t_quantile(kDetectionPower, test.df) * test.standard_error;
}

}  // namespace sslbench
