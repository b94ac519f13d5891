// SPDX-License-Identifier: Apache-2.0
// calibration: how far a linear probe's probabilities may be believed, before and after temperature scaling (Guo,
// Pleiss, Sun, Weinberger: "On Calibration of Modern Neural Networks", ICML 2017). The probe is that of linear_probe,
// but trained on the kept part of the training images alone: the held-out part, which chose its rate, then finds the
// temperature, and must not have been trained on. The test set is read once, last.
// Shapes: M images, C classes.
#include "suites/metrics/calibration.h"

#include "suites/metrics/bootstrap.h"
#include "suites/metrics/calibration_bins.h"
#include "suites/metrics/softmax.h"
#include "suites/metrics/temperature_scaling.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr const char* kScaled = "_scaled";
constexpr double kLargestLogit = 1e6;  // beyond which a softmax says nothing

class CalibrationProtocol final : public Protocol {
 public:
  explicit CalibrationProtocol(const Settings& settings)
      : choice_(probe_choice(settings)), bins_(static_cast<int>(settings.integer("bins"))) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    const ChosenProbe probe = choose_and_train_on_kept(train, classes, choice_, context);
    const double temperature = temperature_of(probe, train, context.record);
    const Features test = on(context.device, subject.features.get(dataset, Split::test));
    const at::Tensor logits_MC = probe.scores(test.h_ND);
    add_accuracy(context.record, logits_MC, test.labels_N, train.labels_N);
    add_accuracy_without_leaks(context.record, logits_MC, test.labels_N, subject, dataset);
    const Matrix logits = matrix_of(logits_MC);
    const std::vector<int64_t> labels = integers_of(test.labels_N);
    add(logits, labels, "", context.record);
    if (std::isfinite(temperature)) {
      Matrix scaled = logits;
      for (double& each : scaled.values) each /= temperature;
      add(scaled, labels, kScaled, context.record);
    }
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images = train.h_ND.size(0) + test.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  // Of the held-out images; NaN where there are none.
  static double temperature_of(const ChosenProbe& probe, const Features& train, StageRecord& record) {
    const auto held = std::ssize(probe.parts.out);
    double out = std::numeric_limits<double>::quiet_NaN();
    if (held > 0) {
      const Features features = some_of(train, probe.parts.out);
      const at::Tensor logits_MC = probe.scores(features.h_ND);
      if (!(logits_MC.abs().max().item<double>() < kLargestLogit)) {
        throw RunFailure(FailureKind::non_finite, record.name + ": class scores of held-out images are not finite");
      }
      out = best_temperature(matrix_of(logits_MC), integers_of(features.labels_N));
    }
    record.add("temperature", Split::val, out, held);
    return out;
  }

  void add(const Matrix& logits, const std::vector<int64_t>& labels, const std::string& suffix,
           StageRecord& record) const {
    const auto n = static_cast<int64_t>(logits.rows);
    const Matrix p = softmax_rows(logits);
    const std::vector<float> rounded(p.values.begin(), p.values.end());
    const Calibration of = calibration(rounded, static_cast<int64_t>(logits.columns), labels, bins_);
    const BinnedCalibration binned = binned_calibration(logits, labels, bins_);
    record.add("ece" + suffix, Split::test, of.ece, n);
    record.add("adaptive_ece" + suffix, Split::test, binned.adaptive_ece, n);
    record.add("classwise_ece" + suffix, Split::test, binned.classwise_ece, n);
    record.add("brier" + suffix, Split::test, of.brier, n);
    // Of logits, since a probability below float32's least has no logarithm.
    record.add("nll" + suffix, Split::test, scaled_calibration(logits, labels, 1, bins_).nll, n);
  }

  ProbeChoice choice_;
  int bins_;
};

std::vector<Metric> own_metrics() {
  std::vector<Metric> plain = {
      {.name = "ece",
       .definition = "sum over equal bins of the largest probability of share x |accuracy - mean probability|"},
      {.name = "adaptive_ece", .definition = "the same over bins of equally many images"},
      {.name = "classwise_ece",
       .definition = "mean over classes of the same of the class's probability (arXiv:1910.12656)",
       .headline = false},
      {.name = "brier",
       .kind = MetricKind::quantity,
       .definition = "mean of the sum over classes of (probability - 1 for the true class, else 0)^2"},
      {.name = "nll", .unit = "nats", .kind = MetricKind::quantity, .definition = "mean of -ln p of the true class"}};
  for (Metric& each : plain) each.better = Better::lower;
  std::vector<Metric> out = plain;
  for (Metric each : plain) {
    each.name += kScaled;
    each.definition = "as " + each.name.substr(0, each.name.size() - std::string(kScaled).size()) +
                      ", of class scores over the temperature";
    out.push_back(std::move(each));
  }
  out.push_back({.name = "temperature",
                 .better = Better::none,
                 .kind = MetricKind::quantity,
                 .definition =
                     "of lowest mean -ln p of the held-out training images, within 0.02 and 50; 1: nothing to "
                     "scale, above: the probe was too sure",
                 .undefined_when = "no training image was held out"});
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "calibration",
     .summary =
         "calibration errors of a linear probe, before and after temperature scaling on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(own_metrics(), probe_metrics()), feature_spread_metrics()),
     .options = joined({{integer_option("bins", 15, 1, 1000, "of the calibration errors")}, probe_options()}),
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<CalibrationProtocol>(settings);
     }});

}  // namespace
}  // namespace sslbench
