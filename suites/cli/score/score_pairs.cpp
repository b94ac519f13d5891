// SPDX-License-Identifier: Apache-2.0
// sslbench score: two models on the same items, and seeds on the same items.
#include "reports/statistics/paired_resamples.h"
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr double kTiny = 1e-300, kBelowOne = 1 - 0x1p-53;
constexpr int64_t kMany = int64_t{1} << 40;

double confidence_of(const json& input) { return number_at(input, "confidence", kTiny, kBelowOne); }

json mcnemar_json(const json&, const json& input) {
  const auto count = [&](const char* name) { return integer_at(input, name, 0, kMany); };
  const int64_t both = count("both_correct"), a = count("only_a_correct"), b = count("only_b_correct"),
                wrong = count("both_wrong");
  if (both + a + b + wrong == 0) throw UserError("no items: all four counts are 0");
  const McNemar out = mcnemar(both, a, b, wrong);
  return {{"difference", out.difference},
          {"p_exact", out.p_exact},
          {"p_mid", out.p_mid},
          {"chi2", number_or_null(out.chi2)},
          {"p_chi2", number_or_null(out.p_chi2)},
          {"chi2_corrected", number_or_null(out.chi2_corrected)},
          {"p_chi2_corrected", number_or_null(out.p_chi2_corrected)}};
}

json paired_json(const json&, const json& input) {
  const std::vector<double> a = numbers_at(input, "a", 1), b = numbers_at(input, "b", 1);
  if (a.size() != b.size()) {
    throw UserError("'a' has " + std::to_string(a.size()) + " values and 'b' " + std::to_string(b.size()) +
                    "; pairs need as many on both sides");
  }
  std::vector<Places> resamples;
  for (const json& list : list_at(input, "indices")) resamples.push_back(places_in(list, "indices", a.size()));
  const PairedBootstrap out = paired_bootstrap(a, b, resamples, confidence_of(input));
  return {{"difference", out.difference}, {"low", out.interval.low},
          {"high", out.interval.high},    {"standard_error", number_or_null(out.standard_error)},
          {"p_sign", out.p_sign},         {"p_shift", out.p_shift}};
}

json hierarchical_json(const json&, const json& input) {
  std::vector<std::vector<double>> values = number_rows_at(input, "a");
  const size_t seeds = values.size(), items = values.front().size();
  if (input.contains("b") && !input.at("b").is_null()) {
    const std::vector<std::vector<double>> b = number_rows_at(input, "b");
    if (b.size() != seeds || b.front().size() != items) throw UserError("'a' and 'b': expected the same shape");
    for (size_t s = 0; s < seeds; ++s) {
      for (size_t i = 0; i < items; ++i) values[s][i] -= b[s][i];
    }
  }
  const json& items_drawn = list_at(input, "item_indices").front();
  if (!items_drawn.is_array() || items_drawn.empty()) {
    throw UserError("'item_indices': expected a list of lists of numbers, got " + short_value(items_drawn));
  }
  const std::string design = items_drawn.front().is_array() ? "nested" : "crossed";
  if (input.value("design", design) != design) {
    throw UserError("'design' is " + short_value(input.at("design")) + ", and 'item_indices' are those of a " + design +
                    " one");
  }
  std::vector<Places> seed_places;
  std::vector<std::vector<Places>> item_places;
  for (const json& list : list_at(input, "seed_indices")) {
    seed_places.push_back(places_in(list, "seed_indices", seeds));
  }
  for (const json& list : input.at("item_indices")) {
    std::vector<Places>& of_replicate = item_places.emplace_back();
    if (design == "crossed") {
      of_replicate.push_back(places_in(list, "item_indices", items));
    } else {
      for (const json& each : list) of_replicate.push_back(places_in(each, "item_indices", items));
    }
    const size_t at = item_places.size() - 1;
    if (design == "nested" && at < seed_places.size() && of_replicate.size() != seed_places[at].size()) {
      throw UserError("'item_indices': expected a list for each drawn seed");
    }
  }
  if (seed_places.size() != item_places.size()) {
    throw UserError("'seed_indices' and 'item_indices': expected as many resamples of both");
  }
  const HierarchicalBootstrap out = hierarchical_bootstrap(values, seed_places, item_places, confidence_of(input));
  return {{"estimate", out.estimate},
          {"low", out.interval.low},
          {"high", out.interval.high},
          {"standard_error", number_or_null(out.standard_error)},
          {"standard_error_seeds_only", number_or_null(out.standard_error_seeds_only)}};
}

const bool registered =
    add_statistic("mcnemar", "two models by the items that only one gets right", mcnemar_json,
                  {"both_correct", "only_a_correct", "only_b_correct", "both_wrong"}) &&
    add_statistic("paired_bootstrap", "difference of two models over resampled items", paired_json,
                  {"a", "b", "indices", "confidence"}) &&
    add_statistic("hierarchical_bootstrap", "mean over resampled seeds and items", hierarchical_json,
                  {"a", "b", "design", "seed_indices", "item_indices", "confidence"});

}  // namespace
}  // namespace sslbench
