// SPDX-License-Identifier: Apache-2.0
// multilabel: which of several classes are in a picture? One linear classifier a class on frozen features, each against
// the rest, and the average precision of every class as Pascal VOC 2007 computes it. Goyal, Mahajan, Gupta, Misra:
// "Scaling and Benchmarking Self-Supervised Visual Representation Learning", ICCV 2019, arXiv:1905.01235, have linear
// SVMs with C by 3-fold cross-validation on features of 9,000 dimensions; here logistic regressions (strictly convex,
// no margin) with one C for all classes, chosen on held-out training images. Classes of a picture are those of its
// boxes; of one with difficult boxes alone nothing is known. Shapes: N images, M others, D features, C classes.
#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/metrics/labels/multilabel_ap.h"
#include "suites/protocols/frozen/linear_fit.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/protocols/parts/without_leaks.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr const char* kNone = "no image shows the class";

// 1 where a class is in the picture, 0 where not, -1 where its boxes are all difficult.
Tensor targets_of(const ImageSet& images, int64_t classes) {
  Tensor out_NC = at::zeros({images.size(), classes}, at::kLong);
  auto* target = out_NC.mutable_data_ptr<int64_t>();
  for (int64_t i = 0; i < images.size(); ++i) {
    const auto item = images.item(i);
    for (const Box& box : item->boxes) {
      int64_t& each = target[i * classes + box.label];
      each = box.difficult && each != 1 ? -1 : 1;
    }
  }
  return out_NC;
}

class Multilabel final : public Protocol {
 public:
  explicit Multilabel(const Settings& settings)
      : grid_(settings.reals("c")),
        held_out_(settings.real("held_out")),
        standardise_(settings.flag("standardise")),
        steps_(settings.integer("steps")) {
    std::sort(grid_.begin(), grid_.end());
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const auto classes = static_cast<int64_t>(split.classes.size());
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    const Tensor target_NC = targets_of(*split.images, classes);
    const double c = chosen_c(train, target_NC, context);
    const FeatureScale scale = scale_of(train.h_ND, standardise_);
    const LinearFit fit = fit_linear(task_of(train.h_ND, target_NC, scale), c, limits(context));
    const Features test = on(context.device, subject.features.get(dataset, Split::test));
    const ImageSet& test_images = *subject.data.split(dataset, Split::test).images;
    const Tensor test_target_MC = targets_of(test_images, classes);
    const int64_t M = test_images.size();
    add(ap_of(fit, scale, test.h_ND, test_target_MC), split.classes, M, context.record);
    if (const auto kept = images_without_leaks(subject, dataset, M)) {
      const Tensor h_MD = some_of(test, *kept).h_ND,
                   target_MC = test_target_MC.index_select(0, at::tensor(*kept, at::kLong));
      add_means(ap_of(fit, scale, h_MD, target_MC), kWithoutLeaks, std::ssize(*kept), context.record);
    }
    context.record.images = train.h_ND.size(0) + test.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  FitLimits limits(const StageContext& context) const { return {.steps = steps_, .stop = context.stop_requested}; }

  static LinearTask task_of(const Tensor& h_ND, const Tensor& target_NC, const FeatureScale& scale) {
    const Tensor target = target_NC.to(h_ND.device());
    return {LinearLoss::sigmoids, scale(h_ND).to(at::kDouble), target.eq(1).to(at::kDouble),
            target.ge(0).to(at::kDouble)};
  }

  static MultilabelAp ap_of(const LinearFit& fit, const FeatureScale& scale, const Tensor& h_MD,
                            const Tensor& target_MC) {
    return multilabel_ap(matrix_of(fit.scores(scale(h_MD).to(at::kDouble))), integers_of(target_MC));
  }

  // The held-out images are those that a probe without labels would hold out: the same in every run.
  double chosen_c(const Features& train, const Tensor& target_NC, StageContext& context) const {
    const HeldOut parts = training_parts(at::zeros_like(train.labels_N), held_out_);
    const auto held = std::ssize(parts.out);
    double c = grid_[(grid_.size() - 1) / 2], best = std::numeric_limits<double>::quiet_NaN();
    if (held > 0) {
      const Features kept = some_of(train, parts.kept), out = some_of(train, parts.out);
      const auto rows = [&](const std::vector<int64_t>& images) {
        return target_NC.index_select(0, at::tensor(images, at::kLong));
      };
      const FeatureScale scale = scale_of(kept.h_ND, standardise_);
      const Tensor out_target_NC = rows(parts.out);
      const PenaltyTrials trials =
          try_penalties(task_of(kept.h_ND, rows(parts.kept), scale), grid_, limits(context),
                        [&](const LinearFit& fit) { return ap_of(fit, scale, out.h_ND, out_target_NC).map_11; });
      c = grid_[trials.best], best = trials.value[trials.best];
    }
    context.record.add("map", Split::val, best, held);
    context.record.add("c", Split::val, c, held);
    return c;
  }

  static void add_means(const MultilabelAp& ap, const std::string& ending, int64_t n, StageRecord& record) {
    const char* why = n == 0 ? "" : kNone;
    record.add("map" + ending, Split::test, ap.map_11, n, why);
    record.add("map_area" + ending, Split::test, ap.map_area, n, why);
    record.add("map_step" + ending, Split::test, ap.map_step, n, why);
  }

  static void add(const MultilabelAp& ap, const std::vector<std::string>& classes, int64_t n, StageRecord& record) {
    add_means(ap, "", n, record);
    for (size_t c = 0; c < classes.size(); ++c) record.add("ap/" + classes[c], Split::test, ap.eleven[c], n);
  }

  std::vector<double> grid_;
  double held_out_;
  bool standardise_;
  int64_t steps_;
};

std::vector<Metric> own_metrics() {
  const std::vector<Metric> means{
      {.name = "map",
       .definition = "mean over classes of the average precision of Pascal VOC 2007: best precision at recalls 0, "
                     "0.1, .. 1 or beyond, averaged; difficult images of a class are left out of it",
       .undefined_when = kNone},
      {.name = "map_area",
       .definition = "the same by the area under the monotone curve (Pascal VOC from 2010)",
       .undefined_when = kNone,
       .headline = false},
      {.name = "map_step",
       .definition = "the same by the sum of recall step x precision (scikit-learn)",
       .undefined_when = kNone,
       .headline = false}};
  const std::vector<Metric> others{
      {.name = "ap/", .definition = "average precision of one class, as in map", .undefined_when = kNone},
      {.name = "c",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "weight of the losses against the penalty, chosen on held-out training images"}};
  return joined(joined(means, others), without_leaks(means));
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "multilabel",
     .summary =
         "which classes are in a picture: linear classifiers one against the rest, mAP as Pascal VOC 2007 has it",
     .version = 1,
     .task = "detection",
     .metrics = own_metrics(),
     .options = {reals_option("c", {1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10}, 1e-12, 1e12,
                              "the grid; the best on held-out training images is taken, for all classes"),
                 real_option("held_out", 0.2, 0.01, 0.9, "share of the training images that chooses C"),
                 flag_option("standardise", true,
                             "features by mean and deviation of the training images; false: as they are"),
                 integer_option("steps", 1000, 1, 1e6, "of L-BFGS at most, for each C")},
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Multilabel>(settings);
     }});

}  // namespace
}  // namespace sslbench
