// SPDX-License-Identifier: Apache-2.0
// sslbench score: runs over several tasks, and how many items or seeds a comparison needs.
#include <cmath>

#include "reports/statistics/aggregates.h"
#include "reports/statistics/paired_power.h"
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr double kTiny = 1e-300, kBelowOne = 1 - 0x1p-53, kHuge = 1e300, kLargestEffect = 1000;
constexpr int64_t kMostItems = int64_t{1} << 53;

json aggregate_json(const AggregateScore& of) {
  return {
      {"estimate", of.estimate}, {"low", number_or_null(of.interval.low)}, {"high", number_or_null(of.interval.high)}};
}

// [replicate][run][task] of runs below `runs`.
std::vector<std::vector<Places>> resampled_runs(const json& input, size_t runs, size_t tasks) {
  std::vector<std::vector<Places>> out;
  for (const json& replicate : list_at(input, "indices")) {
    std::vector<Places>& drawn = out.emplace_back();
    for (const json& run : replicate) {
      drawn.push_back(places_in(run, "indices", runs));
      if (drawn.back().size() == tasks) continue;
      throw UserError("'indices' has rows of " + std::to_string(drawn.back().size()) + " places; expected " +
                      std::to_string(tasks) + ", one a task");
    }
    if (drawn.empty()) throw UserError("'indices' has a replicate without runs; expected as many as 'scores'");
  }
  return out;
}

json aggregate(const json&, const json& input) {
  const TaskScores scores = number_rows_at(input, "scores");
  const size_t tasks = scores.front().size();
  const std::vector<double> taus = numbers_at(input, "taus", 0);
  const AggregateScores out =
      aggregate_scores(scores, resampled_runs(input, scores.size(), tasks), number_at(input, "gamma", -kHuge, kHuge),
                       number_at(input, "confidence", kTiny, kBelowOne));
  json all = {{"mean", aggregate_json(out.mean)},       {"median", aggregate_json(out.median)},
              {"iqm", aggregate_json(out.iqm)},         {"optimality_gap", aggregate_json(out.optimality_gap)},
              {"profile", score_profile(scores, taus)}, {"profile_average", mean_score_profile(scores, taus)}};
  if (!input.contains("other") || input.at("other").is_null()) return all;
  const TaskScores other = number_rows_at(input, "other");
  if (other.front().size() != tasks) {
    throw UserError("'scores' has " + std::to_string(tasks) + " tasks and 'other' " +
                    std::to_string(other.front().size()) + "; expected the same tasks");
  }
  all["probability_of_improvement"] = probability_of_improvement(scores, other);
  return all;
}

json integer_or_null(double value) {
  if (!(std::abs(value) < static_cast<double>(kMostItems))) return number_or_null(value);
  return static_cast<int64_t>(value);
}

json power_of_items_json(const json& input, double alpha, double power) {
  const double only_a = number_at(input, "only_a", 0, 1), only_b = number_at(input, "only_b", 0, 1 - only_a);
  const ItemPower out = power_of_items(only_a, only_b, alpha, power, integer_at(input, "n", 0, kMostItems));
  return {{"items", integer_or_null(out.items)},
          {"items_real", number_or_null(out.items_real)},
          {"power_at_n", number_or_null(out.power_at_n)},
          {"exact_power_at_n", number_or_null(out.exact_power_at_n)}};
}

json power_of_seeds_json(const json& input, double alpha, double power) {
  const double deviation = number_at(input, "sd_of_differences", kTiny, kHuge);
  const double effect = number_at(input, "difference", -kHuge, kHuge) / deviation;
  if (!(std::abs(effect) <= kLargestEffect)) {
    throw UserError("'difference' is more than 1000 times 'sd_of_differences'; give both in the same unit");
  }
  const SeedPower out = power_of_seeds(effect, alpha, power, integer_at(input, "n", 2, kMostSeeds));
  return {{"seeds", integer_or_null(out.seeds)}, {"power_at_n", number_or_null(out.power_at_n)}};
}

json power_paired(const json&, const json& input) {
  const std::string kind = input.value("kind", "");
  if (kind != "items" && kind != "seeds") throw UserError("'kind' is '" + kind + "'; expected items or seeds");
  const double alpha = number_at(input, "alpha", kTiny, kBelowOne), power = number_at(input, "power", kTiny, kBelowOne);
  return kind == "items" ? power_of_items_json(input, alpha, power) : power_of_seeds_json(input, alpha, power);
}

const bool registered =
    add_statistic("aggregate", "runs over several tasks: mean, median, interquartile mean, gap, profile", aggregate,
                  {"scores", "gamma", "taus", "indices", "confidence", "other"}) &&
    add_statistic("power_paired", "how many items or seeds show a difference of two models", power_paired,
                  {"kind", "only_a", "only_b", "difference", "sd_of_differences", "alpha", "power", "n"});

}  // namespace
}  // namespace sslbench
