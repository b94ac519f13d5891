// SPDX-License-Identifier: Apache-2.0
// data2vec: from a masked image, the features that a momentum teacher has of the whole image.
// Baevski, Hsu, Xu, Babu, Gu, Auli: "data2vec: A General Framework for Self-supervised Learning in Speech, Vision and
// Language", ICML 2022, arXiv:2202.03555.
//   y_t = 1/K sum_{l = L-K+1..L} norm(a_t^l)                                                 (section 3.3)
//   L(y_t, f_t(x)) = (y_t - f_t(x))^2 / (2 beta)   if |y_t - f_t(x)| <= beta, else |y_t - f_t(x)| - beta / 2
// Lines follow facebookresearch/data2vec_vision beit/engine_for_cyclical.py.
// Shapes: B images, T patches, D width.
#include "methods/data2vec.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/momentum.h"
#include "methods/parts/vit_of.h"
#include "methods/patches/patch_masks.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::data2vec {

Tensor targets(const std::vector<Tensor>& layers_BTD, int64_t top_k, bool norm_each, bool norm_mean) {
  const at::NoGradGuard no_grad;
  const auto norm = [](const Tensor& x_BTD) { return at::layer_norm(x_BTD, {x_BTD.size(-1)}, {}, {}, 1e-5); };
  Tensor sum_BTD;
  for (size_t i = layers_BTD.size() - static_cast<size_t>(top_k); i < layers_BTD.size(); ++i) {
    const Tensor y_BTD = norm_each ? norm(layers_BTD[i]) : layers_BTD[i];
    sum_BTD = sum_BTD.defined() ? sum_BTD + y_BTD : y_BTD;
  }
  const Tensor mean_BTD = sum_BTD / top_k;
  return norm_mean ? norm(mean_BTD) : mean_BTD;
}

Tensor regression(const Tensor& pred_BTD, const Tensor& targets_BTD, const Tensor& mask_BT, double beta,
                  bool sum_scaled) {
  const Tensor error_BTD = beta == 0 ? (pred_BTD - targets_BTD).square()
                                     : at::smooth_l1_loss(pred_BTD, targets_BTD, at::Reduction::None, beta);
  const auto D = static_cast<double>(pred_BTD.size(2));
  const Tensor error_BT = error_BTD.sum(-1) / (sum_scaled ? std::sqrt(D) : D);
  const Tensor masked_BT = mask_BT.to(error_BT.scalar_type());
  return ratio_over_batch((error_BT * masked_BT).sum(), masked_BT.sum(), 1);
}

namespace {

class Data2vec final : public Method {
 public:
  explicit Data2vec(MethodRequest request)
      : Method(std::move(request.backbone)),
        vit_(vit_of("data2vec", backbone())),
        head_(vit_.shape().dim, vit_.shape().dim, request.generator, true, LinearInit::narrow_normal),
        teacher_(request.twin()),
        teacher_vit_(vit_of("data2vec", *teacher_)),
        schedule_(request.settings),
        pairs_(momentum_buffers(request.settings)),
        choice_{.blocks = request.settings.text("masking") == "block",
                .smallest_block = request.settings.integer("smallest_block")},
        mask_ratio_(request.settings.real("mask_ratio")),
        beta_(request.settings.real("beta")),
        top_k_(request.settings.integer("top_k")),
        norm_each_(request.settings.flag("layer_norm_each")),
        norm_mean_(request.settings.flag("layer_norm_mean")),
        sum_scaled_(request.settings.text("reduction") == "sum_scaled"),
        seed_(request.seed) {
    if (top_k_ > vit_.shape().depth) {
      throw UserError("data2vec: top_k = " + std::to_string(top_k_) + " is more than the backbone's " +
                      std::to_string(vit_.shape().depth) + " blocks; lower top_k");
    }
    mask_token_D_ =
        add_parameter("mask_token", at::empty({vit_.shape().dim}, at::kFloat).normal_(0, 0.02, request.generator));
    pairs_.follow(backbone(), *teacher_);
    add_child("head", head_);
    add_child("momentum_backbone", *teacher_);
  }

  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    const int64_t h = vit_.grid(batch.views[0].size(2)), w = vit_.grid(batch.views[0].size(3));
    const auto count = static_cast<int64_t>(mask_ratio_ * static_cast<double>(h * w));
    const auto masked = [&](RandomStream&) { return std::max<int64_t>(count, 1); };
    return {patch_masks(seed_, batch, 0, h, w, choice_, masked)};
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Tensor &x_NCHW = batch.views[0], mask_BT = drawn(batch)[0];
    const Tensor tokens_NTD = vit_.tokens(x_NCHW, {.mask_NL = mask_BT, .mask_token_D = mask_token_D_});
    const Tensor pred_BTD = head_(without_prefix(vit_, tokens_NTD));
    const std::vector<Tensor> layers_BTD = teacher_layers(x_NCHW);
    const FullPrecision full;
    const Tensor targets_BTD = targets(layers_BTD, top_k_, norm_each_, norm_mean_);
    return {regression(promoted(pred_BTD), targets_BTD, mask_BT, beta_, sum_scaled_),
            {},
            promoted(pooled_tokens(vit_, tokens_NTD))};
  }

  void after_step(const Progress& progress) override { pairs_.update(schedule_.at(progress)); }

 private:
  // The patches of every block's output, float32.
  std::vector<Tensor> teacher_layers(const Tensor& x_NCHW) const {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> layers;
    teacher_vit_.run_blocks(teacher_vit_.embed(x_NCHW), &layers);
    for (Tensor& layer : layers) layer = promoted(without_prefix(teacher_vit_, layer));
    return layers;
  }

  Vit& vit_;
  Linear head_;
  std::unique_ptr<Backbone> teacher_;
  Vit& teacher_vit_;
  MomentumSchedule schedule_;
  MomentumPairs pairs_;
  PatchChoice choice_;
  double mask_ratio_, beta_;
  int64_t top_k_;
  bool norm_each_, norm_mean_, sum_scaled_;
  uint64_t seed_;
  Tensor mask_token_D_;
};

nlohmann::json presets() {
  // facebookresearch/data2vec_vision README (ViT-B: lr 2e-3 for 2048 images, 800 epochs). No recipe for small images is
  // published: the same, with a teacher that follows within the fewer steps, and fewer warm-up steps lost.
  const nlohmann::json adamw = {
      {"optimizer", "adamw"}, {"learning_rate", 2.5e-4},         {"learning_rate_scaling", "linear_256"},
      {"weight_decay", 0.05}, {"decay_norms_and_biases", false}, {"clip_norm", 3.0},
      {"warmup_epochs", 10},  {"schedule", "cosine_dino"}};
  const nlohmann::json views = {{"area_low", 0.2}, {"jitter", 1.0}, {"hue", 0.0}, {"gray", 0.0}};
  return {{"cifar",
           {{"momentum", 0.996},
            {"momentum_end", 0.9998},
            {"momentum_schedule", "byol"},
            {"pretrain", adamw},
            {"views", views}}},
          {"imagenet", {{"pretrain", adamw}, {"views", views}}}};
}

std::vector<Option> options() {
  return {choice_option("masking", "block", {"block", "random"}, "rectangles as BEiT, or single patches"),
          real_option("mask_ratio", 0.6, 0.01, 0.99, "share of the patches that are masked"),
          integer_option("smallest_block", 0, 0, 4096,
                         "patches of the smallest rectangle; 0 = a ninth of the grid (the authors: 16 of 14 x 14)"),
          integer_option("top_k", 6, 1, 128, "last blocks of the teacher whose outputs are averaged"),
          real_option("beta", 2, 0, 100, "where smooth L1 turns from square to line; 0 = squared error"),
          flag_option("layer_norm_each", true, "layer norm of every block's output before averaging"),
          flag_option("layer_norm_mean", false, "layer norm of the average"),
          choice_option("reduction", "mean", {"mean", "sum_scaled"},
                        "over patches and width (data2vec_vision), or the sum over the width by its root (fairseq)")};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "data2vec",
     .summary = "masked: predicts a momentum teacher's averaged block outputs at masked patches",
     .paper = "arXiv:2202.03555, section 3",
     .views = 1,
     .needs_vit = true,
     .options = joined({options(), momentum_options(0.9998, 0.9998, "constant")}),
     .pitfalls = {"The targets can shrink to a constant: watch the embedding's standard deviation, keep "
                  "layer_norm_each, and do not lower the momentum below 0.99.",
                  "Short runs stay weak (26 % linear on Imagenette after 200 epochs, stable-pretraining); the paper "
                  "trains for 800.",
                  "A momentum of 0.9998 needs some 5000 steps to follow at all: use the cifar preset on small sets."},
     .presets = presets(),
     .tiny = {{"top_k", 2}, {"momentum", 0.99}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Data2vec>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::data2vec
