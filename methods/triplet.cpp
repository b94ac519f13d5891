// SPDX-License-Identifier: Apache-2.0
// Triplet: a view is nearer to another view of its image than to another image, by a margin.
// Schroff, Kalenichenko, Philbin: "FaceNet", CVPR 2015, arXiv:1503.03832, Eq. 3; distance not squared, as in
// torch.nn.TripletMarginLoss:
//   l = max(0, d(a, p) - d(a, n) + margin),   d(a, b) = |a - b + eps|_2
// The negative of image i is image i + 1 of the batch (the order is shuffled every epoch). Shapes: N images, D = fc
// width.
#include "methods/triplet.h"

#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::triplet {

constexpr double kEps = 1e-6;  // torch's: added to every coordinate difference, keeps the root differentiable at 0

Tensor triplet_margin(const Tensor& anchor_ND, const Tensor& positive_ND, const Tensor& negative_ND, double margin,
                      double p, double eps, bool swap, bool sum) {
  const auto distance_N = [&](const Tensor& a_ND, const Tensor& b_ND) { return (a_ND - b_ND + eps).norm(p, {1}); };
  const Tensor near_N = distance_N(anchor_ND, positive_ND);
  Tensor far_N = distance_N(anchor_ND, negative_ND);
  if (swap) far_N = far_N.minimum(distance_N(positive_ND, negative_ND));
  const Tensor loss_N = (near_N - far_N + margin).clamp_min(0);
  return sum ? loss_N.sum() : loss_N.mean();
}

namespace {

class Triplet final : public Method {
 public:
  explicit Triplet(MethodRequest request)
      : Method(std::move(request.backbone)),
        fc_(backbone().width(), request.settings.integer("embedding"), request.generator),
        margin_(request.settings.real("margin")),
        order_(request.settings.real("norm")),
        swap_(request.settings.flag("swap")),
        sum_(request.settings.text("reduction") == "sum") {
    add_child("fc", fc_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("triplet", batch);
    const Tensor h_MD = backbone().features(at::cat(batch.views));
    const FullPrecision full;
    const auto V = static_cast<int64_t>(batch.views.size());
    const Tensor e_MD = whole_batch_of_views(fc_(promoted(h_MD)), V);
    const int64_t N = e_MD.size(0) / V;
    const Tensor anchor_ND = e_MD.narrow(0, 0, N), positive_ND = e_MD.narrow(0, N, N);
    return {triplet_margin(anchor_ND, positive_ND, anchor_ND.roll(-1, 0), margin_, order_, kEps, swap_, sum_),
            {},
            anchor_ND};
  }

 private:
  Linear fc_;
  double margin_, order_;
  bool swap_, sum_;
};

const nlohmann::json kPresets = {
    {"cifar", {{"pretrain", {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}}}}},
    {"imagenet", {{"pretrain", {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "triplet",
     .summary = "metric learning: another view of the image is nearer than another image, by a margin",
     .paper = "arXiv:1503.03832, Eq. 3",
     .options = {real_option("margin", 1, 0, 1e6, "how much nearer the positive must be"),
                 real_option("norm", 2, 1, 100, "order of the norm that measures distance"),
                 flag_option("swap", false, "the negative also keeps its distance from the positive"),
                 choice_option("reduction", "mean", {"mean", "sum"}, "over the batch"),
                 integer_option("embedding", 128, 1, 65536, "width D of the embedding")},
     .pitfalls = {"One random negative an image: most are far enough soon, and the loss is 0 for them (contrastive "
                  "rows use all).",
                  "The embedding has no norm, so that a margin of 1 is easy to reach by growing; watch norms, or lower "
                  "the rate.",
                  "A loss that stays at the margin means that all embeddings are alike."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Triplet>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       return {settings.real("margin") *
               (settings.text("reduction") == "sum" ? static_cast<double>(input.batch_size) : 1)};
     }});

}  // namespace
}  // namespace sslbench::triplet
