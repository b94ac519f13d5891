// SPDX-License-Identifier: Apache-2.0
// I-JEPA: from one block of an image, the features of other blocks.
// Assran, Duval, Misra, Bojanowski, Vincent, Rabbat, LeCun, Ballas: "Self-Supervised Learning from Images with a
// Joint-Embedding Predictive Architecture", CVPR 2023, arXiv:2301.08243.
//   1/M sum_{i = 1..M} D(s^_y(i), s_y(i)) = 1/M sum_i sum_{j in B_i} |s^_yj - s_yj|_2^2       (section 3, Loss)
// The authors' code (facebookresearch/ijepa src/train.py) has smooth L1 on layer-normed targets instead, as here.
// Shapes: B images, M predicted blocks, E context blocks, K patches of a block, N patches, D width, W predictor's
// width, R = M E B rows: block-major, then context, then image.
#include "methods/ijepa.h"

#include "methods/method.h"
#include "methods/parts/momentum.h"
#include "methods/parts/vit_of.h"
#include "methods/patches/multi_block_masks.h"
#include "methods/patches/position_embedding.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench::ijepa {

Tensor targets(const Tensor& features_BND, const Tensor& masks_MBK, int64_t contexts) {
  const at::NoGradGuard no_grad;
  const int64_t M = masks_MBK.size(0), B = masks_MBK.size(1), K = masks_MBK.size(2), D = features_BND.size(2);
  const Tensor normed_BND = at::layer_norm(features_BND, {D}, {}, {}, 1e-5);
  return apply_masks(normed_BND, masks_MBK)
      .view({M, 1, B, K, D})
      .expand({M, contexts, B, K, D})
      .reshape({M * contexts * B, K, D});
}

Tensor regression(const Tensor& pred_RKD, const Tensor& targets_RKD) {
  return at::smooth_l1_loss(pred_RKD, targets_RKD.detach(), at::Reduction::Mean, 1.0);
}

namespace {

// Context features and the positions of what is wanted in; features out.
class Predictor final : public Module {
 public:
  Predictor(int64_t dim, int64_t side, const Settings& settings, at::Generator& generator)
      : embed_(dim, settings.integer("predictor_dim"), generator, true, LinearInit::narrow_normal),
        norm_(settings.integer("predictor_dim"), kTransformerEps),
        proj_(settings.integer("predictor_dim"), dim, generator, true, LinearInit::narrow_normal) {
    const int64_t width = settings.integer("predictor_dim"), heads = settings.integer("predictor_heads");
    if (width % heads != 0 || width % 4 != 0) {
      throw UserError("ijepa: predictor_dim = " + std::to_string(width) + " is not divisible by predictor_heads = " +
                      std::to_string(heads) + " and by 4; change predictor_dim or predictor_heads");
    }
    mask_token_W_ = add_parameter("mask_token", at::empty({width}, at::kFloat).normal_(0, 0.02, generator));
    positions_1NW_ = add_buffer("pos_embed", sincos_pos_embed(width, side, side, false).unsqueeze(0));
    add_child("embed", embed_);
    for (int64_t i = 0; i < settings.integer("predictor_depth"); ++i) {
      blocks_.push_back(std::make_unique<TransformerBlock>(width, heads, /*mlp_ratio=*/4, generator));
      add_child("blocks." + std::to_string(i), *blocks_.back());
    }
    add_child("norm", norm_);
    add_child("proj", proj_);
  }

  // context: [E B, Kc, D], context-major.
  Tensor operator()(const Tensor& context, const Tensor& contexts_EBK, const Tensor& predictions_MBK) const {
    const int64_t M = predictions_MBK.size(0), B = predictions_MBK.size(1), K = predictions_MBK.size(2);
    const int64_t E = contexts_EBK.size(0), W = mask_token_W_.size(0), N = positions_1NW_.size(1);
    const Tensor positions_BNW = positions_1NW_.expand({B, N, W});
    const Tensor seen = embed_(context) + apply_masks(positions_BNW, contexts_EBK);
    const Tensor wanted = (mask_token_W_ + apply_masks(positions_BNW, predictions_MBK))
                              .view({M, 1, B, K, W})
                              .expand({M, E, B, K, W})
                              .reshape({M * E * B, K, W});
    Tensor x = at::cat({seen.repeat({M, 1, 1}), wanted}, 1);
    for (const auto& block : blocks_) x = recomputed(x, [&own = *block](const Tensor& in) { return own(in); });
    return proj_(norm_(x).narrow(1, seen.size(1), K));
  }

 private:
  Linear embed_;
  Tensor mask_token_W_, positions_1NW_;
  std::vector<std::unique_ptr<TransformerBlock>> blocks_;
  LayerNorm norm_;
  Linear proj_;
};

int64_t checked_side(const Vit& vit, int64_t pixels) {
  require_whole_patches("ijepa", vit, pixels);
  const int64_t side = vit.grid(pixels);
  if (side < 2)
    throw UserError("ijepa: views of " + std::to_string(pixels) + " px are one patch; set backbone.patch_size");
  return side;
}

class Ijepa final : public Method {
 public:
  explicit Ijepa(MethodRequest request)
      : Method(std::move(request.backbone)),
        vit_(vit_of("ijepa", backbone())),
        side_(checked_side(vit_, request.input.image_size)),
        predictor_(vit_.shape().dim, side_, request.settings, request.generator),
        teacher_(request.twin()),
        teacher_vit_(vit_of("ijepa", *teacher_)),
        sampler_(request.settings),
        schedule_(request.settings),
        pairs_(momentum_buffers(request.settings)),
        seed_(request.seed) {
    pairs_.follow(backbone(), *teacher_);
    add_child("predictor", predictor_);
    add_child("momentum_backbone", *teacher_);
  }

  std::vector<Tensor> draw(const TrainBatch& batch, int64_t step) const override {
    const MultiBlockMasks masks = sampler_.draw(seed_, batch, step, side_);
    return {masks.predictions_MBK, masks.contexts_EBK};
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    const Tensor& x_NCHW = batch.views[0];
    const std::vector<Tensor> own = drawn(batch, progress.step);
    const MultiBlockMasks masks = cut_over_ranks({own[0], own[1]});
    const Tensor context = through_contexts(x_NCHW, masks.contexts_EBK);
    const Tensor pred_RKD = predictor_(context, masks.contexts_EBK, masks.predictions_MBK);
    Tensor features_BND;
    {
      const at::NoGradGuard no_grad;
      features_BND = promoted(without_prefix(teacher_vit_, teacher_vit_.tokens(x_NCHW)));
    }
    const FullPrecision full;
    const Tensor targets_RKD = targets(features_BND, masks.predictions_MBK, sampler_.contexts());
    const Tensor embedding_ND = promoted(context.narrow(0, 0, x_NCHW.size(0))).mean(1);
    return {regression(promoted(pred_RKD), targets_RKD), {}, embedding_ND};
  }

  void after_step(const Progress& progress) override { pairs_.update(schedule_.at(progress)); }

 private:
  // The patches of every context, encoded without the rest of the image: [E B, K, D].
  Tensor through_contexts(const Tensor& x_NCHW, const Tensor& contexts_EBK) const {
    std::vector<Tensor> out;
    for (const Tensor& keep_BK : contexts_EBK.unbind(0)) {
      out.push_back(without_prefix(vit_, vit_.tokens(x_NCHW, {.keep_NK = keep_BK})));
    }
    return out.size() == 1 ? out.front() : at::cat(out);
  }

  Vit& vit_;
  int64_t side_;  // patches
  Predictor predictor_;
  std::unique_ptr<Backbone> teacher_;
  Vit& teacher_vit_;
  MultiBlockSampler sampler_;
  MomentumSchedule schedule_;
  MomentumPairs pairs_;
  uint64_t seed_;
};

nlohmann::json presets() {
  // facebookresearch/ijepa configs/in1k_vith14_ep300.yaml: 1e-3 for 2048 images, from 2e-4 and to 1e-6. No recipe for
  // small images is published: the same rates, and blocks of 8 x 8 patches keep fewer than the authors' 10.
  const nlohmann::json adamw = {
      {"optimizer", "adamw"},       {"learning_rate", 1.25e-4}, {"learning_rate_scaling", "linear_256"},
      {"weight_decay", 0.04},       {"weight_decay_end", 0.4},  {"decay_norms_and_biases", false},
      {"warmup_epochs", 40},        {"warmup_start", 0.2},      {"schedule", "cosine_moco_v3"},
      {"final_learning_rate", 1e-6}};
  nlohmann::json small = adamw;
  small["learning_rate"] = 5e-4;
  small["warmup_epochs"] = 10;
  const nlohmann::json views = {{"area_low", 0.3}, {"flip", 0.0}, {"jitter", 0.0}, {"gray", 0.0}};
  return {{"cifar", {{"min_keep", 4}, {"pretrain", small}, {"views", views}}},
          {"imagenet", {{"pretrain", adamw}, {"views", views}}}};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "ijepa",
     .summary = "masked: predicts a momentum teacher's features of blocks from those of the rest of the image",
     .paper = "arXiv:2301.08243, section 3",
     .views = 1,
     .needs_vit = true,
     .options = joined({MultiBlockSampler::options(),
                        {integer_option("predictor_dim", 384, 4, 8192, "width of the predictor"),
                         integer_option("predictor_depth", 6, 1, 64, "blocks of the predictor (ViT-B: 6, ViT-H: 12)"),
                         integer_option("predictor_heads", 12, 1, 64, "attention heads of the predictor")},
                        momentum_options(0.996, 1, "ijepa")}),
     .pitfalls =
         {"Only patch tokens are trained: set backbone.class_token = false and backbone.pooling = \"mean\", or "
          "probes read a class token that nothing taught.",
          "Small sets and short runs stay weak (34 % linear on Imagenette after 200 epochs, "
          "stable-pretraining).",
          "Lists of patches are cut to the shortest of the batch, so the loss depends slightly on who shares "
          "a batch.",
          "So their length changes from step to step, and a GPU's attention may be set up anew for every length "
          "that was not seen yet."},
     .presets = presets(),
     .tiny = {{"predictor_dim", 16}, {"predictor_depth", 1}, {"predictor_heads", 2}, {"min_keep", 4}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Ijepa>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::ijepa
