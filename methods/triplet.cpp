// SPDX-License-Identifier: Apache-2.0
// Triplet: a view is nearer to another view of its image than to another image, by a margin.
// Schroff, Kalenichenko, Philbin: "FaceNet", CVPR 2015, arXiv:1503.03832, Eq. 3; distance not squared, as in
// torch.nn.TripletMarginLoss:
//   l = max(0, d(a, p) - d(a, n) + margin),   d(a, b) = |a - b + eps|_2
// Which negatives: one, image i + 1 of the batch for image i (the order is shuffled every epoch); or mined among all
// views of all other images of the batch, for every view as an anchor: semi-hard (FaceNet, sec. 3.2) or the hardest
// (Hermans, Beyer, Leibe: "In Defense of the Triplet Loss", arXiv:1703.07737, Eq. 5).
// Shapes: N images, V views, D embedding width, M = V N embeddings (view-major).
#include "methods/triplet.h"

#include <limits>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

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

constexpr double kFar = std::numeric_limits<double>::infinity();

// Squared distances of all pairs: their order is what mining needs.
Tensor squared_distances(const Tensor& e_MD) {
  const Tensor length_M = e_MD.square().sum(1);
  return length_M.unsqueeze(1) + length_M.unsqueeze(0) - 2 * at::mm(e_MD, e_MD.t());
}

// Whether two rows are views of one image.
Tensor same_image(const Tensor& e_MD, int64_t views) {
  const Tensor image_M = at::arange(e_MD.size(0) / views, e_MD.options().dtype(at::kLong)).repeat({views});
  return image_M.unsqueeze(1).eq(image_M.unsqueeze(0));
}

}  // namespace

Tensor hardest_negatives(const Tensor& e_MD, int64_t views) {
  const at::NoGradGuard no_grad;
  return squared_distances(e_MD).masked_fill(same_image(e_MD, views), kFar).argmin(1);
}

Tensor semi_hard_negatives(const Tensor& e_MD, int64_t views) {
  const at::NoGradGuard no_grad;
  const int64_t M = e_MD.size(0), N = M / views;
  const Tensor distance_MM = squared_distances(e_MD), own_MM = same_image(e_MD, views);
  const Tensor positive_M1 = (at::arange(M, own_MM.options().dtype(at::kLong)) + N).remainder(M).unsqueeze(1);
  const Tensor near_MM = distance_MM.le(distance_MM.gather(1, positive_M1)).logical_or(own_MM);
  const Tensor farther_M = near_MM.logical_not().any(1);
  return at::where(farther_M, distance_MM.masked_fill(near_MM, kFar).argmin(1),
                   distance_MM.masked_fill(own_MM, -kFar).argmax(1));
}

namespace {

enum class Negatives { one, semi_hard, hardest };

// One layer, or one hidden layer of `hidden` with batch norm before it.
HeadShape embedding_shape(const Settings& settings, int64_t features) {
  const int64_t hidden = settings.integer("hidden"), embedding = settings.integer("embedding");
  if (hidden == 0) return {.widths = {features, embedding}};
  return {.widths = {features, hidden, embedding}};
}

class Triplet final : public Method {
 public:
  explicit Triplet(MethodRequest request)
      : Method(std::move(request.backbone)),
        fc_(embedding_shape(request.settings, backbone().width()), request.generator),
        margin_(request.settings.real("margin")),
        order_(request.settings.real("norm")),
        swap_(request.settings.flag("swap")),
        sum_(request.settings.text("reduction") == "sum"),
        unit_(request.settings.flag("unit")) {
    const std::string negatives = request.settings.text("negatives");
    negatives_ = negatives == "one"         ? Negatives::one
                 : negatives == "semi_hard" ? Negatives::semi_hard
                                            : Negatives::hardest;
    add_child("fc", fc_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_views("triplet", batch);
    const Tensor h_MD = backbone().features(at::cat(batch.views));
    const FullPrecision full;
    const auto V = static_cast<int64_t>(batch.views.size());
    const Tensor own_MD = fc_(promoted(h_MD));
    const Tensor e_MD = whole_batch_of_views(unit_ ? unit_rows(own_MD) : own_MD, V);
    const int64_t N = e_MD.size(0) / V;
    const Tensor first_ND = e_MD.narrow(0, 0, N);
    if (negatives_ == Negatives::one) return {of(first_ND, e_MD.narrow(0, N, N), first_ND.roll(-1, 0)), {}, first_ND};
    const Tensor row_M = negatives_ == Negatives::hardest ? hardest_negatives(e_MD, V) : semi_hard_negatives(e_MD, V);
    return {of(e_MD, e_MD.roll(-N, 0), e_MD.index_select(0, row_M)), {}, first_ND};
  }

 private:
  Tensor of(const Tensor& anchor, const Tensor& positive, const Tensor& negative) const {
    return triplet_margin(anchor, positive, negative, margin_, order_, kEps, swap_, sum_);
  }

  MlpHead fc_;
  double margin_, order_;
  bool swap_, sum_, unit_;
  Negatives negatives_;
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
                 integer_option("embedding", 128, 1, 65536, "width D of the embedding"),
                 later(integer_option("hidden", 0, 0, 65536,
                                      "width of a hidden layer with batch norm before the embedding; 0: none"),
                       0),
                 later(choice_option("negatives", "semi_hard", {"one", "semi_hard", "hardest"},
                                     "of each anchor: the next image; the nearest of the batch that is farther than "
                                     "the positive; the nearest"),
                       "one"),
                 later(flag_option("unit", true, "embeddings of length 1"), false)},
     .pitfalls = {"negatives = \"one\": most are far enough soon, and the loss is 0 for them (contrastive rows use "
                  "all).",
                  "negatives = \"hardest\" from the first step often draws all embeddings to one point: start from "
                  "semi_hard, or with a large margin.",
                  "unit = false: the embedding has no norm, so that a margin of 1 is easy to reach by growing; unit = "
                  "true: distances end at 2, so a margin near it is never reached.",
                  "A loss that stays at the margin means that all embeddings are alike."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Triplet>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       const bool sum = settings.text("reduction") == "sum", mined = settings.text("negatives") != "one";
       return {settings.real("margin") * static_cast<double>(sum ? input.batch_size * (mined ? input.views : 1) : 1)};
     }});

}  // namespace
}  // namespace sslbench::triplet
