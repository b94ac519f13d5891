// SPDX-License-Identifier: Apache-2.0
// sslbench score: what the confidence of logits is worth, and under which temperature.
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/metrics/calibration_bins.h"
#include "suites/metrics/temperature_scaling.h"

namespace sslbench {
namespace {

constexpr int64_t kMostBins = 1'000'000;
constexpr double kLargest = 1e100;

int bins_of(const ScoreInputs& inputs) { return static_cast<int>(inputs.integer_setting("bins", 15, 1, kMostBins)); }

NumberTensors calibration_bins(const ScoreInputs& inputs) {
  const Matrix logits = inputs.matrix("logits");
  const auto classes = static_cast<int64_t>(logits.columns);
  if (inputs.integer_setting("num_classes", classes, 1, int64_t{1} << 40) != classes) {
    throw UserError("setting 'num_classes' is " + short_value(inputs.settings().at("num_classes")) +
                    ", and in.logits has " + std::to_string(classes) + " columns; expected one a class");
  }
  const BinnedCalibration out =
      binned_calibration(logits, inputs.labels("labels", logits.rows, classes), bins_of(inputs));
  return {{"adaptive_ece", scalar_tensor(out.adaptive_ece)},
          {"adaptive_ece_edges", scalar_tensor(out.adaptive_ece_edges)},
          {"classwise_ece", scalar_tensor(out.classwise_ece)}};
}

TemperatureRange range_of(const ScoreInputs& inputs) {
  TemperatureRange out;
  if (!inputs.settings().contains("temperature_range")) return out;
  const nlohmann::json& given = inputs.settings().at("temperature_range");
  const std::vector<double> ends = numbers_at(inputs.settings(), "temperature_range", 2);
  if (ends.size() == 2 && ends[0] > 1 / kLargest && ends[0] <= ends[1] && ends[1] < kLargest) return {ends[0], ends[1]};
  throw UserError("'temperature_range' is " + short_value(given) +
                  "; expected the lowest and the highest temperature, above 0");
}

NumberTensors calibration_temperature(const ScoreInputs& inputs) {
  const Matrix logits = inputs.matrix("logits");
  const std::vector<int64_t> labels = inputs.labels("labels", logits.rows, static_cast<int64_t>(logits.columns));
  const int bins = bins_of(inputs);
  const double temperature = best_temperature(logits, labels, range_of(inputs));
  const ScaledCalibration before = scaled_calibration(logits, labels, 1, bins),
                          after = scaled_calibration(logits, labels, temperature, bins);
  return {{"temperature", scalar_tensor(temperature)},
          {"nll_before", scalar_tensor(before.nll)},
          {"nll_after", scalar_tensor(after.nll)},
          {"ece_before", scalar_tensor(before.ece)},
          {"ece_after", scalar_tensor(after.ece)}};
}

using Scores = Registry<ScoreEntry>;
const bool registered = Scores::add({"calibration_bins",
                                     "calibration error over equal groups, and class by class, from logits",
                                     {},
                                     calibration_bins,
                                     {{"bins"}, {"num_classes"}}}) &&
                        Scores::add({"calibration_temperature",
                                     "the temperature that calibrates logits, and what it gains",
                                     {},
                                     calibration_temperature,
                                     {{"bins"}, {"temperature_range"}}});

}  // namespace
}  // namespace sslbench
