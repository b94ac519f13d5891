// SPDX-License-Identifier: Apache-2.0
// PixPro: cells of two views that cover the same place agree, after each was smoothed by its like-looking neighbours.
// Xie, Lin, Zhang, Cao, Lin, Hu: "Propagate Yourself: Exploring Pixel-Level Consistency for Unsupervised Visual
// Representation Learning", CVPR 2021, arXiv:2011.10043.
//   A(i,j) = 1 if dist(i,j) <= T, else 0                                                   (Eq. 1)
//   y_i = sum_j s(x_i, x_j) g(x_j),  s(x_i, x_j) = (max(cos(x_i, x_j), 0))^gamma            (Eq. 5, 6)
//   L = -cos(y_i, x'_j) - cos(y_j, x'_i), averaged over pairs with A = 1                    (Eq. 7)
// dist is measured in diagonals of the larger of both views' cells. As in the authors' code the two directions are
// means over pairs and images, each times 2. Shapes: N images, C channels, H W grid, P = H W cells.
#include "methods/pixpro.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/momentum.h"
#include "methods/patches/grid.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::pixpro {

Tensor propagate(const Tensor& x_NCHW, const Tensor& value_NCHW, double gamma, double clamp_value) {
  const Tensor unit_NPC = unit_rows(cells(x_NCHW));
  Tensor s_NPP = at::bmm(unit_NPC, unit_NPC.transpose(1, 2)).clamp_min(clamp_value);
  if (gamma < 1) s_NPP = s_NPP + 1e-6;
  const Tensor y_NPC = at::bmm(s_NPP.pow(gamma), unit_rows(cells(value_NCHW)));
  return y_NPC.transpose(1, 2).reshape(value_NCHW.sizes());
}

namespace {

// Diagonal of a cell, [N].
Tensor cell_diagonal(const Tensor& crop_N4, int64_t H, int64_t W) {
  const Tensor width_N = (crop_N4.select(1, 2) - crop_N4.select(1, 0)) / W;
  const Tensor height_N = (crop_N4.select(1, 3) - crop_N4.select(1, 1)) / H;
  return (width_N.square() + height_N.square()).sqrt();
}

}  // namespace

Tensor near_pairs(const Tensor& crop1_N4, const Tensor& crop2_N4, int64_t H, int64_t W, double pos_ratio) {
  const at::NoGradGuard no_grad;
  const Tensor centre1_NP2 = cell_centres(crop1_N4, H, W).flatten(1, 2);
  const Tensor centre2_NP2 = cell_centres(crop2_N4, H, W).flatten(1, 2);
  const Tensor distance_NPP = (centre1_NP2.unsqueeze(2) - centre2_NP2.unsqueeze(1)).square().sum(3).sqrt();
  const Tensor diagonal_N = at::maximum(cell_diagonal(crop1_N4, H, W), cell_diagonal(crop2_N4, H, W));
  return (distance_NPP / diagonal_N.view({-1, 1, 1})).lt(pos_ratio).to(crop1_N4.scalar_type());
}

Tensor consistency(const Tensor& y_NCHW, const Tensor& target_NCHW, const Tensor& pairs_NPP) {
  const Tensor cos_NPP = at::bmm(unit_rows(cells(y_NCHW)), unit_rows(cells(target_NCHW.detach())).transpose(1, 2));
  return -2 * ((cos_NPP * pairs_NPP).sum({1, 2}) / (pairs_NPP.sum({1, 2}) + 1e-6)).mean();
}

Tensor pixpro_loss(const Tensor& y1_NCHW, const Tensor& y2_NCHW, const Tensor& target1_NCHW, const Tensor& target2_NCHW,
                   const Tensor& crop1_N4, const Tensor& crop2_N4, double pos_ratio) {
  const Tensor pairs_NPP = near_pairs(crop1_N4, crop2_N4, y1_NCHW.size(2), y1_NCHW.size(3), pos_ratio);
  return consistency(y1_NCHW, target2_NCHW, pairs_NPP) + consistency(y2_NCHW, target1_NCHW, pairs_NPP.transpose(1, 2));
}

namespace {

class PixPro final : public Method {
 public:
  explicit PixPro(MethodRequest request)
      : Method(std::move(request.backbone)),
        teacher_(request.twin()),
        shape_(head_shape(request.settings, "", backbone().levels().back().channels)),
        head_(shape_, request.generator),
        teacher_head_(shape_, request.generator),
        pairs_(momentum_buffers(request.settings)),
        momentum_(request.settings),
        pos_ratio_(request.settings.real("pos_ratio")),
        gamma_(request.settings.real("gamma")),
        clamp_value_(request.settings.real("clamp_value")) {
    const int64_t layers = request.settings.integer("transform_layers"), C = shape_.widths.back();
    if (layers > 0) {
      const HeadShape transform{.widths = std::vector<int64_t>(static_cast<size_t>(layers) + 1, C)};
      transform_ = std::make_unique<MlpHead>(transform, request.generator);
      add_child("transform", *transform_);
    }
    pairs_.follow(backbone(), *teacher_);
    pairs_.follow(head_, teacher_head_);
    add_child("projector", head_);
    add_child("momentum_backbone", *teacher_);
    add_child("momentum_projector", teacher_head_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("pixpro", batch);
    const Tensor x1 = projected(backbone(), head_, batch.views[0]), x2 = projected(backbone(), head_, batch.views[1]);
    Tensor target1, target2;
    {
      const at::NoGradGuard no_grad;
      target1 = projected(*teacher_, teacher_head_, batch.views[0]);
      target2 = projected(*teacher_, teacher_head_, batch.views[1]);
    }
    const FullPrecision full;
    const Tensor total =
        pixpro_loss(propagated(x1), propagated(x2), target1, target2, batch.crops[0], batch.crops[1], pos_ratio_);
    return {total, {}, x1.mean({2, 3})};
  }

  void after_step(const Progress& progress) override { pairs_.update(momentum_.at(progress)); }

 private:
  static Tensor projected(const Backbone& network, const MlpHead& head, const Tensor& x_NCHW) {
    return promoted(on_cells(head, network.feature_maps(x_NCHW).back()));
  }
  Tensor propagated(const Tensor& x_NCHW) const {
    return propagate(x_NCHW, transform_ ? on_cells(*transform_, x_NCHW) : x_NCHW, gamma_, clamp_value_);
  }

  std::unique_ptr<Backbone> teacher_;
  HeadShape shape_;
  MlpHead head_, teacher_head_;
  std::unique_ptr<MlpHead> transform_;  // g of Eq. 5; absent: the identity
  MomentumPairs pairs_;
  MomentumSchedule momentum_;
  double pos_ratio_, gamma_, clamp_value_;
};

const nlohmann::json kViews = {
    {"saturation", 0.2}, {"blur", {1.0, 0.1}}, {"solarize", {0.0, 0.2}}};  // BYOL's pair, as the authors

// cifar: no published recipe; the optimizer of solo-learn's CIFAR BYOL. imagenet: zdaxie/PixPro
// tools/pixpro_base_r50_100ep.sh.
const nlohmann::json kPresets = {{"cifar",
                                  {{"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 1.0},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"lars_trust", 0.02},
                                     {"lars_clip", true},
                                     {"weight_decay", 1e-5},
                                     {"decay_norms_and_biases", false},
                                     {"warmup_epochs", 10}}},
                                   {"views", {{"saturation", 0.2}, {"solarize", {0.0, 0.2}}}}}},
                                 {"imagenet",
                                  {{"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 1.0},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"weight_decay", 1e-5},
                                     {"decay_norms_and_biases", false},
                                     {"warmup_epochs", 5}}},
                                   {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "pixpro",
     .summary = "dense: cells of two views over the same place agree, after propagation among like cells",
     .paper = "arXiv:2011.10043, Eq. 1, 5-7",
     .options = joined({{real_option("pos_ratio", 0.7, 0, 100, "T of Eq. 1, in diagonals of the larger cell"),
                         real_option("gamma", 2, 0, 16, "sharpness of the similarity in Eq. 6"),
                         real_option("clamp_value", 0, -1, 1, "smallest similarity in Eq. 6, before the exponent"),
                         integer_option("transform_layers", 1, 0, 2,
                                        "layers of g in Eq. 5, batch norm and ReLU between two; 0 = the identity")},
                        head_options("", {.widths = {0, 4096, 256}}),
                        momentum_options(0.99, 1, "byol")}),
     .pitfalls = {"Crops that share no place give no pairs and no gradient; small crops (area_low 0.08) do so often.",
                  "A map of one cell (a 7x7 stem at 32 px) leaves nothing to propagate; use stem = \"cifar\".",
                  "With `clamp_value` below 0 a gamma that is no integer is not finite."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<PixPro>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::pixpro
