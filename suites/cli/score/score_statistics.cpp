// SPDX-License-Identifier: Apache-2.0
// sslbench score: the statistics behind reports and gate.
#include "reports/statistics/distributions.h"
#include "reports/statistics/intervals.h"
#include "reports/statistics/significance.h"
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kMany = int64_t{1} << 53;
constexpr double kHuge = 1e300, kTiny = 1e-300, kBelowOne = 1 - 0x1p-53;

double confidence_of(const json& input) { return number_at(input, "confidence", kTiny, kBelowOne); }

json wilson(const json&, const json& input) {
  const int64_t trials = integer_at(input, "trials", 1, kMany);
  const Interval out = wilson_interval(integer_at(input, "successes", 0, trials), trials, confidence_of(input));
  return {{"low", out.low}, {"high", out.high}};
}

json resampled_json(const ResampledStatistic& of) {
  return {{"estimate", number_or_null(of.estimate)},
          {"low", number_or_null(of.interval.low)},
          {"high", number_or_null(of.interval.high)},
          {"standard_error", number_or_null(of.standard_error)}};
}

// Replicates of places in a list of `size` values, each of that many.
std::vector<std::vector<size_t>> resamples_at(const json& input, size_t size) {
  const json& list = input.at("indices");
  if (!list.is_array() || list.empty()) throw UserError("'indices': expected a list of resamples");
  std::vector<std::vector<size_t>> out;
  for (const json& resample : list) {
    const std::string name = "'indices'[" + std::to_string(out.size()) + "]";
    if (!resample.is_array() || resample.size() != size) {
      throw UserError(name + ": expected a list of " + std::to_string(size) + " places, as many as there are values");
    }
    auto& places = out.emplace_back();
    for (const json& value : resample) {
      const int64_t place = exact_integer(value, "a place of " + name);
      if (place < 0 || place >= static_cast<int64_t>(size)) {
        throw UserError(name + " holds " + std::to_string(place) + "; expected 0 to " + std::to_string(size - 1));
      }
      places.push_back(static_cast<size_t>(place));
    }
  }
  return out;
}

json bootstrap(const json&, const json& input) {
  const std::vector<double> values = numbers_at(input, "values", 1);
  const auto resamples = resamples_at(input, values.size());
  const ResampledLocation out = bootstrap_percentile(values, resamples, confidence_of(input));
  return {{"mean", resampled_json(out.mean)}, {"median", resampled_json(out.median)}};
}

json t_test_json(const TTest& test) {
  return {{"t", number_or_null(test.t)},
          {"df", number_or_null(test.df)},
          {"p", number_or_null(test.p)},
          {"low", number_or_null(test.interval.low)},
          {"high", number_or_null(test.interval.high)}};
}

json welch(const json&, const json& input) {
  const TTest test = welch_t(numbers_at(input, "a", 2), numbers_at(input, "b", 2), confidence_of(input));
  json out = t_test_json(test);
  out["p_less"] = number_or_null(test.p_less);
  return out;
}

json paired(const json&, const json& input) {
  const std::vector<double> a = numbers_at(input, "a", 2), b = numbers_at(input, "b", 2);
  if (a.size() != b.size()) {
    throw UserError("'a' has " + std::to_string(a.size()) + " values and 'b' " + std::to_string(b.size()) +
                    "; pairs need as many on both sides");
  }
  return t_test_json(paired_t(a, b, confidence_of(input)));
}

json holm_json(const json&, const json& input) {
  const std::vector<double> p = numbers_at(input, "p", 0);
  for (const double value : p) {
    if (value < 0 || value > 1) throw UserError("'p' holds " + short_value(value) + "; expected 0 to 1");
  }
  const std::vector<double> adjusted = holm(p);
  const double alpha = number_at(input, "alpha", 0, 1);
  json reject = json::array();
  for (const double value : adjusted) reject.push_back(value <= alpha);
  return {{"adjusted", adjusted}, {"reject", reject}};
}

json prediction(const json&, const json& input) {
  const auto out = prediction_interval(numbers_at(input, "history", 1), confidence_of(input),
                                       integer_at(input, "new_runs", 1, kMany));
  return {{"mean", out.mean},
          {"sd", number_or_null(out.sd)},
          {"t_quantile", number_or_null(out.t_quantile)},
          {"low", number_or_null(out.interval.low)},
          {"high", number_or_null(out.interval.high)},
          {"one_sided_low", number_or_null(out.one_sided_low)},
          {"mean_low", number_or_null(out.of_mean.low)},
          {"mean_high", number_or_null(out.of_mean.high)}};
}

json distributions(const json&, const json& input) {
  const double p = number_at(input, "p", kTiny, kBelowOne), df = number_at(input, "df", kTiny, kHuge);
  return {{"t_quantile", t_quantile(p, df)}, {"t_cdf", t_cdf(4 * p - 2, df)}, {"normal_quantile", normal_quantile(p)}};
}

const bool registered =
    add_statistic("wilson_interval", "interval of a share of successes", wilson,
                  {"successes", "trials", "confidence"}) &&
    add_statistic("bootstrap_percentile", "mean and median over given resamples", bootstrap,
                  {"values", "indices", "confidence"}) &&
    add_statistic("welch_t", "difference of two groups of unequal spread", welch, {"a", "b", "confidence"}) &&
    add_statistic("paired_t", "difference of paired values", paired, {"a", "b", "confidence"}) &&
    add_statistic("holm", "p values adjusted for how many they are", holm_json, {"p", "alpha"}) &&
    add_statistic("prediction_interval", "where future runs will lie", prediction,
                  {"history", "confidence", "new_runs"}) &&
    add_statistic("distributions", "quantiles of Student's t and of the normal distribution", distributions,
                  {"p", "df"});

}  // namespace
}  // namespace sslbench
