// SPDX-License-Identifier: Apache-2.0
// sslbench score: predicted classes and clusters against labels, and errors on corrupted images.
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/printable.h"
#include "suites/metrics/corruption_error.h"
#include "suites/metrics/labels/class_agreement.h"
#include "suites/metrics/labels/clustering.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kMostClasses = 1'000'000;

// The same number of integers, one or more, under both names.
std::pair<std::vector<int64_t>, std::vector<int64_t>> integers_of_both(const json& input, const char* one,
                                                                       const char* other) {
  std::vector<int64_t> first = exact_integers_at(input, one), second = exact_integers_at(input, other);
  if (first.size() == second.size() && !first.empty()) return {std::move(first), std::move(second)};
  throw UserError("'" + std::string(one) + "' holds " + std::to_string(first.size()) + " integers and '" + other +
                  "' " + std::to_string(second.size()) + "; expected one of each for every item");
}

json clustering(const json&, const json& input) {
  const auto [assignments, labels] = integers_of_both(input, "assignments", "labels");
  const ClusteringScores out = clustering_scores(assignments, labels);
  return {{"nmi", out.nmi}, {"ari", out.ari}, {"purity", out.purity}, {"accuracy", out.accuracy}};
}

void require_classes(const std::vector<int64_t>& values, const char* name, int64_t classes) {
  for (const int64_t value : values) {
    if (value >= 0 && value < classes) continue;
    throw UserError("'" + std::string(name) + "' holds " + std::to_string(value) + "; expected 0 to " +
                    std::to_string(classes - 1) + ", as 'num_classes' says");
  }
}

json agreement(const json&, const json& input) {
  const auto [labels, predictions] = integers_of_both(input, "labels", "predictions");
  const int64_t classes = integer_at(input, "num_classes", 1, kMostClasses);
  require_classes(labels, "labels", classes);
  require_classes(predictions, "predictions", classes);
  const ClassAgreement out = class_agreement(labels, predictions, classes);
  return {{"per_class", numbers_or_null(out.per_class)},
          {"mean_per_class", out.mean_per_class},
          {"accuracy", out.accuracy},
          {"macro_f1", out.macro_f1},
          {"kappa", number_or_null(out.kappa)}};
}

ErrorsByCorruption errors_at(const json& input, const char* name) {
  if (!input.contains(name) || !input.at(name).is_object() || input.at(name).empty()) {
    throw UserError("'" + std::string(name) + "': expected an object of corruptions, each with a list of errors");
  }
  ErrorsByCorruption out;
  for (const auto& [corruption, list] : input.at(name).items()) {
    for (const double error : out[corruption] = numbers_at(input.at(name), corruption.c_str(), 1)) {
      if (error >= 0 && error <= 1) continue;
      throw UserError("'" + std::string(name) + "' of '" + corruption + "' holds " + short_value(error) +
                      "; expected shares from 0 to 1");
    }
  }
  return out;
}

void require_same_corruptions(const ErrorsByCorruption& errors, const ErrorsByCorruption& baseline) {
  for (const auto& [name, list] : errors) {
    const auto base = baseline.find(name);
    if (base == baseline.end()) throw UserError("'baseline' has no '" + name + "', which 'errors' has");
    if (base->second.size() == list.size()) continue;
    throw UserError("'" + name + "' has " + std::to_string(list.size()) + " severities in 'errors' and " +
                    std::to_string(base->second.size()) + " in 'baseline'; expected as many");
  }
  for (const auto& [name, list] : baseline) {
    if (!errors.contains(name)) throw UserError("'errors' has no '" + name + "', which 'baseline' has");
  }
}

json by_corruption(const std::map<std::string, double>& values) {
  json out = json::object();
  for (const auto& [name, value] : values) out[name] = number_or_null(value);
  return out;
}

json corruption_error(const json&, const json& input) {
  const ErrorsByCorruption errors = errors_at(input, "errors"), baseline = errors_at(input, "baseline");
  require_same_corruptions(errors, baseline);
  const CorruptionErrors out = corruption_errors(errors, baseline, number_at(input, "clean_error", 0, 1),
                                                 number_at(input, "baseline_clean_error", 0, 1));
  return {{"ce", by_corruption(out.ce)},
          {"mce", number_or_null(out.mce)},
          {"relative_ce", by_corruption(out.relative_ce)},
          {"relative_mce", number_or_null(out.relative_mce)},
          {"mean_corruption_accuracy", out.mean_corruption_accuracy}};
}

const bool registered = add_statistic("clustering", "clusters against labels: NMI, ARI, purity, matched accuracy",
                                      clustering, {"assignments", "labels"}) &&
                        add_statistic("mean_per_class", "predicted classes: accuracy by class, F1, kappa", agreement,
                                      {"labels", "predictions", "num_classes"}) &&
                        add_statistic("mce", "errors on corrupted images against those of a baseline", corruption_error,
                                      {"errors", "baseline", "clean_error", "baseline_clean_error"});

}  // namespace
}  // namespace sslbench
