// SPDX-License-Identifier: Apache-2.0
// MAE: paints the pixels of hidden patches from the few that a Vision Transformer saw.
// He, Chen, Xie, Li, Dollar, Girshick: "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022, arXiv:2111.06377,
// section 3: "computes the mean squared error (MSE) between the reconstructed and original images in the pixel space.
// We compute the loss only on masked patches". Lines follow facebookresearch/mae models_mae.py; linear layers start as
// in the backbones here (normal, 0.02), not with Xavier's uniform.
// Shapes: N images, L patches, K kept, P prefix tokens, T = P + L or P + K, D width, V = p p 3 values of a patch.
#include "methods/mae.h"

#include "methods/method.h"
#include "methods/parts/vit_of.h"
#include "methods/patches/gather_patches.h"
#include "methods/patches/patch_masks.h"
#include "methods/patches/patchify.h"
#include "methods/patches/position_embedding.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench::mae {

// Unbiased, of the values of each patch: [N, L, 1].
Tensor patch_deviation(const Tensor& patches_NLV) {
  return (patches_NLV.var(at::IntArrayRef{-1}, /*unbiased=*/true, /*keepdim=*/true) + 1e-6).sqrt();
}

Tensor pixel_targets(const Tensor& images_NCHW, int64_t patch_size, bool norm_pix_loss) {
  const at::NoGradGuard no_grad;
  const Tensor patches_NLV = patchify(images_NCHW, patch_size, PatchOrder::pqc);
  if (!norm_pix_loss) return patches_NLV;
  const Tensor centred_NLV = patches_NLV - patches_NLV.mean(-1, true);
  return centred_NLV / patch_deviation(patches_NLV);
}

Tensor masked_mse(const Tensor& pred_NLV, const Tensor& target_NLV, const Tensor& mask_NL) {
  return ((pred_NLV - target_NLV).square().mean(-1) * mask_NL).sum() / mask_NL.sum();
}

Tensor unshuffle(const Tensor& x_NTD, const Tensor& mask_token_D, const Tensor& ids_restore_NL,
                 const Tensor& ids_shuffle_NL, int64_t prefix) {
  const int64_t N = x_NTD.size(0), K = x_NTD.size(1) - prefix, D = x_NTD.size(2), L = ids_restore_NL.size(1);
  const Tensor patches_NLD = at::cat({x_NTD.narrow(1, prefix, K), mask_token_D.expand({N, L - K, D})}, 1);
  return at::cat({x_NTD.narrow(1, 0, prefix), gather_patches(patches_NLD, ids_restore_NL, ids_shuffle_NL)}, 1);
}

namespace {

class Decoder final : public Module {
 public:
  Decoder(const Vit& encoder, int64_t side, const Settings& settings, at::Generator& generator)
      : prefix_(encoder.prefix()),
        embed_(encoder.shape().dim, settings.integer("decoder_dim"), generator, true, LinearInit::narrow_normal),
        norm_(settings.integer("decoder_dim"), kTransformerEps),
        pred_(settings.integer("decoder_dim"), 3 * encoder.shape().patch_size * encoder.shape().patch_size, generator,
              true, LinearInit::narrow_normal) {
    const int64_t dim = settings.integer("decoder_dim"), heads = settings.integer("decoder_heads");
    if (dim % heads != 0 || dim % 4 != 0) {
      throw UserError("mae: decoder_dim = " + std::to_string(dim) + " is not divisible by decoder_heads = " +
                      std::to_string(heads) + " and by 4; change decoder_dim or decoder_heads");
    }
    mask_token_D_ = add_parameter("mask_token", at::empty({dim}, at::kFloat).normal_(0, 0.02, generator));
    positions_TD_ =
        add_buffer("pos_embed", at::cat({at::zeros({prefix_, dim}), sincos_pos_embed(dim, side, side, false)}));
    add_child("embed", embed_);
    for (int64_t i = 0; i < settings.integer("decoder_depth"); ++i) {
      blocks_.push_back(std::make_unique<TransformerBlock>(dim, heads, /*mlp_ratio=*/4, generator));
      add_child("blocks." + std::to_string(i), *blocks_.back());
    }
    add_child("norm", norm_);
    add_child("pred", pred_);
  }

  // Encoded tokens [N, P + K, D] -> values of all patches [N, L, V].
  Tensor operator()(const Tensor& latent_NTD, const RandomMasking& masking) const {
    const Tensor &restore_NL = masking.ids_restore_NL, &shuffle_NL = masking.ids_shuffle_NL;
    Tensor x_NTD = unshuffle(embed_(latent_NTD), mask_token_D_, restore_NL, shuffle_NL, prefix_) + positions_TD_;
    for (const auto& block : blocks_) {
      x_NTD = recomputed(x_NTD, [&own = *block](const Tensor& in) { return own(in); });
    }
    return pred_(norm_(x_NTD)).narrow(1, prefix_, restore_NL.size(1));
  }

 private:
  int64_t prefix_;
  Linear embed_;
  Tensor mask_token_D_, positions_TD_;
  std::vector<std::unique_ptr<TransformerBlock>> blocks_;
  LayerNorm norm_;
  Linear pred_;
};

class Mae final : public Method {
 public:
  explicit Mae(MethodRequest request)
      : Method(std::move(request.backbone)),
        vit_(vit_of("mae", backbone())),
        side_(vit_.grid(request.input.image_size)),
        decoder_(vit_, side_, request.settings, request.generator),
        mask_ratio_(request.settings.real("mask_ratio")),
        norm_pix_loss_(request.settings.flag("norm_pix_loss")),
        seed_(request.seed) {
    require_whole_patches("mae", vit_, request.input.image_size);
    const int64_t L = side_ * side_, kept = kept_patches(L, mask_ratio_);
    if (kept < 1 || kept >= L) {
      throw UserError("mae: mask_ratio = " + std::to_string(mask_ratio_) + " keeps " + std::to_string(kept) + " of " +
                      std::to_string(L) + " patches; change mask_ratio or take smaller patches");
    }
    add_child("decoder", decoder_);
  }

  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    return {uniform_noise(seed_, batch, 0, side_ * side_)};
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Pass pass = forward(batch);
    const FullPrecision full;
    const Tensor target_NLV = pixel_targets(batch.views[0], vit_.shape().patch_size, norm_pix_loss_);
    return {masked_mse(promoted(pass.pred_NLV), target_NLV, pass.masking.mask_NL),
            {},
            promoted(pooled_tokens(vit_, pass.latent_NTD))};
  }

  // Removed patches in the mean colour; then painted, as in the authors' demo/mae_visualize.ipynb (im_masked,
  // im_paste). Patches painted with mean 0 and variance 1 get those of the image back.
  std::vector<Tensor> paint(const TrainBatch& batch) override {
    const int64_t p = vit_.shape().patch_size;
    const Pass pass = forward(batch);
    const Tensor patches_NLV = patchify(batch.views[0], p, PatchOrder::pqc);
    Tensor painted_NLV = promoted(pass.pred_NLV);
    if (norm_pix_loss_) painted_NLV = painted_NLV * patch_deviation(patches_NLV) + patches_NLV.mean(-1, true);
    const Tensor removed_NL1 = pass.masking.mask_NL.unsqueeze(-1);
    const Tensor seen_NLV = patches_NLV * (1 - removed_NL1);
    const auto image = [&](const Tensor& of_NLV) { return unpatchify(of_NLV, p, side_, side_, PatchOrder::pqc); };
    return {image(seen_NLV), image(seen_NLV + painted_NLV * removed_NL1)};
  }

 private:
  struct Pass {
    RandomMasking masking;
    Tensor latent_NTD, pred_NLV;
  };

  Pass forward(const TrainBatch& batch) {
    const Tensor& x_NCHW = batch.views[0];
    RandomMasking masking = random_masking(drawn(batch)[0], mask_ratio_);
    const Tensor latent_NTD = vit_.tokens(x_NCHW, {.keep_NK = masking.ids_keep_NK, .places_NL = masking.places_NL});
    const Tensor pred_NLV = decoder_(latent_NTD, masking);
    return {std::move(masking), latent_NTD, pred_NLV};
  }

  Vit& vit_;
  int64_t side_;  // patches
  Decoder decoder_;
  double mask_ratio_;
  bool norm_pix_loss_;
  uint64_t seed_;
};

nlohmann::json presets() {
  const nlohmann::json adamw = {{"optimizer", "adamw"},
                                {"weight_decay", 0.05},
                                {"beta2", 0.95},
                                {"decay_norms_and_biases", false},
                                {"learning_rate_scaling", "linear_256"},
                                {"schedule", "cosine_moco_v3"}};
  nlohmann::json cifar = adamw, imagenet = adamw;
  cifar.update({{"learning_rate", 2e-4}, {"warmup_epochs", 10}});
  imagenet.update({{"learning_rate", 1.5e-4}, {"warmup_epochs", 40}});
  const auto views = [](double area) { return nlohmann::json{{"area_low", area}, {"jitter", 0.0}, {"gray", 0.0}}; };
  return {// solo-learn scripts/pretrain/cifar/mae.yaml (ViT-S/4)
          {"cifar", {{"pretrain", cifar}, {"views", views(0.08)}}},
          // facebookresearch/mae PRETRAIN.md, main_pretrain.py
          {"imagenet", {{"pretrain", imagenet}, {"views", views(0.2)}}}};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "mae",
     .summary = "masked: a decoder paints the 3/4 of the patches that a Vision Transformer did not see",
     .paper = "arXiv:2111.06377, section 3",
     .views = 1,
     .needs_vit = true,
     .options = {real_option("mask_ratio", 0.75, 0.01, 0.99, "share of the patches that are removed"),
                 flag_option("norm_pix_loss", true, "paint every patch with mean 0 and variance 1, else pixels"),
                 integer_option("decoder_dim", 512, 4, 8192, "width of the decoder"),
                 integer_option("decoder_depth", 8, 1, 64, "blocks of the decoder"),
                 integer_option("decoder_heads", 16, 1, 64, "attention heads of the decoder; must divide its width")},
     .pitfalls =
         {"Linear and kNN accuracy stay far below fine-tuning (46 % and 81 % on ImageNet, lightly): do not rank "
          "MAE against joint-embedding methods by them alone.",
          "A patch of 16 px leaves 4 patches of a CIFAR image: set backbone.patch_size = 4 there.",
          "Runs of 200 epochs are short for MAE: the paper trains for 800 to 1600."},
     .presets = presets(),
     .tiny = {{"decoder_dim", 16}, {"decoder_depth", 1}, {"decoder_heads", 2}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Mae>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::mae
