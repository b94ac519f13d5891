// SPDX-License-Identifier: Apache-2.0
// logistic_regression: the linear classifier that has no learning rate. Minimum of 0.5 |W|^2 + C sum of cross-entropies
// as scikit-learn's LogisticRegression defines it (suites/metrics/logistic_regression.h), by L-BFGS in float64. C is
// chosen on held-out training images; the classifier is then fitted on all of them and the test set is read once.
// The protocol of CLIP (arXiv:2103.00020, A.3) and of DINOv2's eval/log_regression.py.
// Shapes: N training images, M others, D features, C classes.
#include <algorithm>
#include <limits>

#include "suites/protocols/frozen/linear_fit.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

class LogisticRegression final : public Protocol {
 public:
  explicit LogisticRegression(const Settings& settings)
      : grid_(settings.reals("c")),
        held_out_(settings.real("held_out")),
        standardise_(settings.flag("standardise")),
        steps_(settings.integer("steps")),
        tolerance_(settings.real("tolerance")) {
    std::sort(grid_.begin(), grid_.end());
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    const FitLimits limits{steps_, tolerance_, context.stop_requested};
    LinearFit start;
    const double c = chosen_c(train, classes, limits, start, context.record);
    const FeatureScale scale = scale_of(train.h_ND, standardise_);
    const LinearFit fit = fit_linear(task_of(train, classes, scale), penalty_of(c, classes), limits,
                                     start.theta_EC.defined() ? &start : nullptr);
    const auto N = train.h_ND.size(0);
    if (!fit.converged && context.note) {
      context.note("L-BFGS ended before its tolerance, after " + std::to_string(fit.steps) +
                   " steps at C = " + nlohmann::json(c).dump());
    }
    context.record.add("top1", Split::train, accuracy(fit, scale, train), N);
    const Features test = on(context.device, subject.features.get(dataset, Split::test));
    const at::Tensor scores_MC = fit.scores(seen(test, scale));
    add_accuracy(context.record, scores_MC, test.labels_N, train.labels_N);
    add_accuracy_without_leaks(context.record, scores_MC, test.labels_N, subject, dataset);
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), N);
    context.record.images = N + test.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  // Two rows of weights, which the softmax of two classes has, share the penalty of the one that scikit-learn has: the
  // minimum for C is the softmax's for C / 2.
  static double penalty_of(double c, int64_t classes) { return classes == 2 ? c / 2 : c; }

  static Tensor seen(const Features& features, const FeatureScale& scale) {
    return scale(features.h_ND).to(at::kDouble);
  }
  static LinearTask task_of(const Features& features, int64_t classes, const FeatureScale& scale) {
    return {LinearLoss::softmax, seen(features, scale), at::one_hot(features.labels_N, classes).to(at::kDouble), {}};
  }
  static double accuracy(const LinearFit& fit, const FeatureScale& scale, const Features& of) {
    return fit.scores(seen(of, scale)).argmax(1).eq(of.labels_N).to(at::kDouble).mean().item<double>();
  }

  // Adds the trials and what was chosen; `start` becomes the fit of the kept images.
  double chosen_c(const Features& train, int64_t classes, const FitLimits& limits, LinearFit& start,
                  StageRecord& record) const {
    const HeldOut parts = training_parts(train.labels_N, held_out_);
    const auto held = std::ssize(parts.out);
    double c = grid_[(grid_.size() - 1) / 2];
    if (held == 0) {
      record.add("top1", Split::val, std::numeric_limits<double>::quiet_NaN(), 0,
                 "no class has two training images: none was held out");
    } else {
      const Features kept = some_of(train, parts.kept), out = some_of(train, parts.out);
      const FeatureScale scale = scale_of(kept.h_ND, standardise_);
      std::vector<double> penalties;
      for (const double each : grid_) penalties.push_back(penalty_of(each, classes));
      PenaltyTrials trials = try_penalties(task_of(kept, classes, scale), penalties, limits,
                                           [&](const LinearFit& fit) { return accuracy(fit, scale, out); });
      Curve& curve = record.curves["held_out_top1_by_c"];
      for (size_t i = 0; i < grid_.size(); ++i) {
        curve.step.push_back(static_cast<int64_t>(i));
        curve.value.push_back(trials.value[i]);
      }
      c = grid_[trials.best];
      record.add("top1", Split::val, trials.value[trials.best], held);
      start = std::move(trials.fit);
    }
    record.add("c", Split::val, c, held);
    return c;
  }

  std::vector<double> grid_;
  double held_out_;
  bool standardise_;
  int64_t steps_;
  double tolerance_;
};

std::vector<Metric> own_metrics() {
  return {{.name = "c",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "weight of the cross-entropies against the penalty, chosen on held-out training images"}};
}

// 10^-6 to 10^5 in 45 steps of equal ratio.
nlohmann::json dinov2_grid() {
  std::vector<double> out;
  for (int i = 0; i < 45; ++i) out.push_back(std::pow(10.0, -6 + 11.0 * i / 44));
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "logistic_regression",
     .summary = "penalised softmax regression by L-BFGS; no learning rate, C chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(all_accuracy_metrics(), own_metrics()), feature_spread_metrics()),
     .options = {reals_option("c", {1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10}, 1e-12, 1e12,
                              "the grid, rising, each fit from the one before; the best on held-out training images"),
                 real_option("held_out", 0.2, 0.01, 0.9, "share of the training images that chooses C"),
                 flag_option("standardise", true,
                             "features by mean and deviation of the training images; false: as they are"),
                 integer_option("steps", 1000, 1, 1e6, "of L-BFGS at most, for each C"),
                 real_option("tolerance", 1e-4, 1e-14, 1,
                             "largest entry of the gradient of the objective over C times images, where it ends; "
                             "scikit-learn's default")},
     .presets = {{"dinov2",
                  "facebookresearch/dinov2 eval/log_regression.py: 45 values of C from 1e-6 to 1e5, 1000 steps of "
                  "L-BFGS in float64, features as they are; there C is chosen on a tenth of the training set or on the "
                  "validation set, here on held-out training images",
                  {{"c", dinov2_grid()}, {"held_out", 0.1}, {"standardise", false}, {"steps", 1000}}}},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LogisticRegression>(settings);
     }});

}  // namespace
}  // namespace sslbench
