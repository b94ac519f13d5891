// SPDX-License-Identifier: Apache-2.0
// Triplet: a view is nearer to another view of its image than to another image, by a margin.
// Schroff, Kalenichenko, Philbin: "FaceNet", CVPR 2015, arXiv:1503.03832, Eq. 3; distance not squared, as in
// torch.nn.TripletMarginLoss:
//   l = max(0, |a - p + eps|_2 - |a - n + eps|_2 + margin)
// The negative of image i is image i + 1 of the batch (the order is shuffled every epoch). Shapes: N images, D = fc
// width.
#include "datasets/batches/aten.h"
#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/autocast.h"

namespace sslbench::triplet {

constexpr double kEps = 1e-6;  // torch's: added to every coordinate difference, keeps the root differentiable at 0

// Mean of the margin loss over the batch.
Tensor triplet_margin(const Tensor& anchor_ND, const Tensor& positive_ND, const Tensor& negative_ND, double margin) {
  const Tensor near_N = (anchor_ND - positive_ND + kEps).norm(2, {1});
  const Tensor far_N = (anchor_ND - negative_ND + kEps).norm(2, {1});
  return (near_N - far_N + margin).clamp_min(0).mean();
}

namespace {

class Triplet final : public Method {
 public:
  explicit Triplet(MethodRequest request)
      : Method(std::move(request.backbone)),
        fc_(backbone().width(), request.settings.integer("embedding"), request.generator),
        margin_(request.settings.real("margin")) {
    add_child("fc", fc_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const int64_t N = batch.views[0].size(0);
    if (N < 2)
      throw UserError(
          "triplet: a batch needs at least 2 images for a negative; raise pretrain.batch_size, or set "
          "pretrain.drop_last = true");
    const Tensor h_MD = backbone().features(at::cat(batch.views));
    const FullPrecision full;
    const Tensor e_MD = fc_(h_MD.to(at::kFloat));
    const Tensor anchor_ND = e_MD.narrow(0, 0, N), positive_ND = e_MD.narrow(0, N, N);
    return {triplet_margin(anchor_ND, positive_ND, anchor_ND.roll(-1, 0), margin_), {}, anchor_ND};
  }

 private:
  Linear fc_;
  double margin_;
};

const nlohmann::json kPresets = {
    {"cifar", {{"pretrain", {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}}}}},
    {"imagenet", {{"pretrain", {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "triplet",
     .summary = "metric learning: another view of the image is nearer than another image, by a margin",
     .paper = "arXiv:1503.03832, Eq. 3",
     .options = {real_option("margin", 1, 0, 1e6, "how much nearer the positive must be"),
                 integer_option("embedding", 128, 1, 65536, "width D of the embedding")},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Triplet>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::triplet
