// SPDX-License-Identifier: Apache-2.0
// few_shot: how far a few labels go. Logistic regression with one fixed C on features of unit length, fitted on a few
// training images of each class, as Tian, Wang, Krishnan, Tenenbaum, Isola: "Rethinking Few-Shot Image Classification:
// A Good Embedding Is All You Need?", ECCV 2020, arXiv:2003.11539; every test image is asked. C is fixed beforehand and
// equal for all rows, so that no image chooses anything. Which images are drawn follows from the run's seed and the
// try: equal in every row. Shapes: N training images, M test images, D features, C classes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "datasets/batches/sample_order.h"
#include "suites/metrics/bootstrap.h"
#include "suites/protocols/frozen/feature_scale.h"
#include "suites/protocols/frozen/linear_fit.h"
#include "suites/protocols/parts/without_leaks.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr uint64_t kDrawSeed = uint64_t{40} << 32;  // apart from other orders of the run's seed

class FewShot final : public Protocol {
 public:
  explicit FewShot(const Settings& settings)
      : shots_(settings.integer("shots")),
        share_(settings.real("share")),
        tries_(settings.integer("tries")),
        c_(settings.real("c")) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    std::vector<LinearFit> fits;
    for (int64_t n = 0; n < tries_; ++n) {
      const Features drawn = some_of(train, draw(train, split.classes, context.seed + kDrawSeed, n));
      const auto classes = static_cast<int64_t>(split.classes.size());
      const LinearTask task{LinearLoss::softmax, seen(drawn), at::one_hot(drawn.labels_N, classes).to(at::kDouble), {}};
      fits.push_back(fit_linear(task, c_, {.stop = context.stop_requested}));
      if (n == 0)
        context.record.add("shots", Split::train, static_cast<double>(drawn.h_ND.size(0)), train.h_ND.size(0));
    }
    const Features test = on(context.device, subject.features.get(dataset, Split::test));
    const Tensor hits_M = add_tries(fits, test, context.record);
    if (const auto kept = images_without_leaks(subject, dataset, test.h_ND.size(0))) {
      const double top1 = kept->empty() ? NAN : hits_M.index_select(0, at::tensor(*kept)).mean().item<double>();
      context.record.add("top1/without_leaks", Split::test, top1, std::ssize(*kept));
    }
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images = train.h_ND.size(0) + test.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  static Tensor seen(const Features& features) { return unit_rows(features.h_ND).to(at::kDouble); }

  int64_t wanted(int64_t images) const {
    if (share_ == 0) return shots_;
    return std::max<int64_t>(1, std::llround(share_ * static_cast<double>(images)));
  }

  // The first images of each class in the try's order of all.
  std::vector<int64_t> draw(const Features& train, const std::vector<std::string>& classes, uint64_t seed,
                            int64_t n) const {
    const Tensor labels_N = train.labels_N.to(at::kCPU).contiguous();
    const int64_t* label = labels_N.const_data_ptr<int64_t>();
    std::vector<int64_t> have(classes.size()), out;
    for (int64_t i = 0; i < labels_N.size(0); ++i) ++have[static_cast<size_t>(label[i])];
    std::vector<int64_t> left;
    for (size_t c = 0; c < have.size(); ++c) {
      left.push_back(have[c] == 0 ? 0 : wanted(have[c]));
      if (left.back() <= have[c]) continue;
      throw UserError("few_shot: shots = " + std::to_string(shots_) + ", and class '" + classes[c] + "' has " +
                      std::to_string(have[c]) + " training images; take fewer, or give a share instead");
    }
    for (const int64_t i : epoch_order(seed, n, labels_N.size(0))) {
      if (left[static_cast<size_t>(label[i])]-- > 0) out.push_back(i);
    }
    return out;
  }

  // For every image, the share of tries that are right.
  Tensor add_tries(const std::vector<LinearFit>& fits, const Features& test, StageRecord& record) const {
    const int64_t M = test.h_ND.size(0);
    const Tensor x_MD = seen(test), hits_M = at::zeros({M}, at::kDouble);
    std::vector<double> top1;
    for (const LinearFit& fit : fits) {
      const Tensor hit_M = fit.scores(x_MD).argmax(1).eq(test.labels_N).to(at::kCPU, at::kDouble);
      hits_M.add_(hit_M, 1.0 / static_cast<double>(fits.size()));
      top1.push_back(hit_M.mean().item<double>());
    }
    const double mean = std::accumulate(top1.begin(), top1.end(), 0.0) / static_cast<double>(tries_);
    double squares = 0;
    for (const double each : top1) squares += (each - mean) * (each - mean);
    const double spread =
        tries_ < 2 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(squares / static_cast<double>(tries_ - 1));
    record.add("top1", Split::test, mean, M);
    record.add("top1_deviation", Split::test, spread, M);
    record.add("top1_lowest", Split::test, *std::min_element(top1.begin(), top1.end()), M);
    record.add("top1_highest", Split::test, *std::max_element(top1.begin(), top1.end()), M);
    const double* hits = hits_M.const_data_ptr<double>();
    record.replicates["top1"] = bootstrap_mean({hits, static_cast<size_t>(M)});
    return hits_M;
  }

  int64_t shots_;
  double share_;
  int64_t tries_;
  double c_;
};

std::vector<Metric> own_metrics() {
  const Metric top1{.name = "top1",
                    .kind = MetricKind::score,
                    .definition =
                        "share of test images whose class has the highest score, averaged over tries (draws of "
                        "training images)"};
  return {top1,
          without_leaks({top1}).front(),
          {.name = "top1_deviation",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "standard deviation of top1 over tries",
           .undefined_when = "one try has no spread"},
          {.name = "top1_lowest",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "lowest top1 of the tries; the median of all draws lies from it to top1_highest with "
                         "probability 1 - 2^(1 - tries)"},
          {.name = "top1_highest",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "highest top1 of the tries"},
          {.name = "shots",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "labelled training images of one try, all classes together"}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "few_shot",
     .summary = "logistic regression on a few training images of each class, mean of several draws",
     .version = 1,
     .task = "classification",
     .metrics = joined(own_metrics(), feature_spread_metrics()),
     .options = {integer_option("shots", 1, 1, 1e6, "training images of each class"),
                 real_option("share", 0, 0, 1, "of the training images of each class, one at least; 0: as shots says"),
                 integer_option("tries", 6, 1, 1000, "draws, which the run's seed tells apart; equal in every row"),
                 real_option("c", 1, 1e-6, 1e6, "weight of the cross-entropies against the penalty, fixed beforehand")},
     .presets = {{"one_percent",
                  "share and name of SimCLR's 1 % lists (arXiv:2002.05709, 4.2), there one fixed list and "
                  "all weights fine-tuned, here several draws and frozen features",
                  {{"share", 0.01}}},
                 {"ten_percent",
                  "share and name of SimCLR's 10 % lists (arXiv:2002.05709, 4.2), there one fixed list and "
                  "all weights fine-tuned, here several draws and frozen features",
                  {{"share", 0.1}}}},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<FewShot>(settings);
     }});

}  // namespace
}  // namespace sslbench
