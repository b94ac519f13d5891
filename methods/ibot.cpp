// SPDX-License-Identifier: Apache-2.0
// iBOT: DINO on class tokens, and the same between masked patches of the student and the teacher's at their place.
// Zhou, Wei, Wang, Shen, Xie, Yuille, Kong: "iBOT: Image BERT Pre-Training with Online Tokenizer", ICLR 2022,
// arXiv:2111.07832.
//   L_MIM = -sum_i m_i P_theta'^patch(u_i)^T log P_theta^patch(u^_i)                          (Eq. 3)
//   L_[CLS] = -P_theta'^[CLS](v)^T log P_theta^[CLS](u^)                                      (Eq. 2, DINO)
// Lines follow bytedance/ibot main_ibot.py, iBOTLoss. DINOv2 (Oquab et al., TMLR 2024, arXiv:2304.07193) is this with
// Sinkhorn in place of the centres and KoLeo on class tokens, as facebookresearch/dinov2
// dinov2/train/ssl_meta_arch.py: the preset `dinov2`.
// Shapes: V crops, G of them global and first, B images, T patches, D width, K outputs of the class token's head, P of
// the patches'.
#include "methods/ibot.h"

#include <ATen/ops/nonzero.h>
#include <cmath>

#include "methods/method.h"
#include "methods/parts/momentum.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/self_distillation.h"
#include "methods/parts/sinkhorn.h"
#include "methods/parts/token_heads.h"
#include "methods/parts/vit_of.h"
#include "methods/patches/patch_masks.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::ibot {

Tensor patch_loss(const Tensor& student_GBTP, const Tensor& targets_GBTP, const Tensor& mask_GBT, double temperature) {
  const Tensor ce_GBT = -(targets_GBTP * at::log_softmax(student_GBTP / temperature, -1)).sum(-1);
  const Tensor m_GBT = mask_GBT.to(ce_GBT.scalar_type());
  return ((ce_GBT * m_GBT).sum(-1) / m_GBT.sum(-1).clamp_min(1)).mean();
}

Tensor balanced_patches(const Tensor& teacher_GBTP, const Tensor& rows, double temperature, int64_t iterations) {
  const at::NoGradGuard no_grad;
  Tensor out_GBTP = at::zeros_like(teacher_GBTP);
  const int64_t P = teacher_GBTP.size(3);
  const Tensor masked_RP = teacher_GBTP.reshape({-1, P}).index_select(0, rows);
  out_GBTP.view({-1, P}).index_copy_(0, rows, sinkhorn_knopp_over_ranks(masked_RP / temperature, iterations));
  return out_GBTP;
}

namespace {

struct Options {
  explicit Options(const Settings& settings)
      : student_temperature(settings.real("student_temperature")),
        center_momentum(settings.real("center_momentum")),
        cls_weight(settings.real("cls_weight")),
        patch_weight(settings.real("patch_weight")),
        koleo_weight(settings.real("koleo_weight")),
        mask_probability(settings.real("mask_probability")),
        mask_low(settings.real("mask_ratio_low")),
        mask_high(settings.real("mask_ratio_high")),
        patch_embed_rate(settings.real("patch_embed_rate")),
        sinkhorn_iterations(settings.integer("sinkhorn_iterations")),
        frozen_epochs(settings.integer("freeze_last_layer")),
        sinkhorn(settings.text("centering") == "sinkhorn"),
        choice{.blocks = settings.text("masking") == "block"} {}
  double student_temperature, center_momentum, cls_weight, patch_weight, koleo_weight;
  double mask_probability, mask_low, mask_high, patch_embed_rate;
  int64_t sinkhorn_iterations, frozen_epochs;
  bool sinkhorn;
  PatchChoice choice;
};

class Ibot final : public Method {
 public:
  explicit Ibot(MethodRequest request)
      : Method(std::move(request.backbone)),
        vit_(vit_of("ibot", backbone())),
        heads_(vit_, request.settings, request.generator),
        teacher_(request.twin()),
        teacher_vit_(vit_of("ibot", *teacher_)),
        teacher_heads_(teacher_vit_, request.settings, request.generator),
        schedule_(request.settings),
        pairs_(momentum_buffers(request.settings)),
        teacher_temperature_(request.settings),
        options_(request.settings),
        global_views_(request.input.views),
        seed_(request.seed) {
    if (request.input.views + request.input.local_views < 2) {
      throw UserError("ibot: one crop has no other to agree with; set views.count = 2 or views.local_count");
    }
    if (options_.mask_low > options_.mask_high) {
      throw UserError("ibot: mask_ratio_low = " + std::to_string(options_.mask_low) +
                      " is above mask_ratio_high = " + std::to_string(options_.mask_high) + "; swap them");
    }
    center_K_ = add_buffer("center", at::zeros({heads_.outputs()}));
    patch_center_P_ = add_buffer("patch_center", at::zeros({heads_.patch_outputs()}));
    mask_token_D_ =
        add_parameter("mask_token", at::empty({vit_.shape().dim}, at::kFloat).normal_(0, 0.02, request.generator));
    pairs_.follow(backbone(), *teacher_);
    pairs_.follow(heads_, teacher_heads_);
    add_child("projector", heads_);
    add_child("momentum_backbone", *teacher_);
    add_child("momentum_projector", teacher_heads_);
  }

  // The masks of the global crops, and the numbers of the masked ones of all their patches.
  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    const Tensor mask_RT = draw_masks(batch);
    return {mask_RT, mask_RT.flatten().nonzero().squeeze(1)};  // host read: drawn on the CPU
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    const int64_t B = batch.views[0].size(0), G = global_views_;
    if (whole_batch_size(B) < 2) {
      throw UserError(
          "ibot: a batch needs at least 2 images, or its centre cancels the only target; raise "
          "pretrain.batch_size, or set pretrain.drop_last = true");
    }
    const Tensor x = at::cat(std::vector<Tensor>(batch.views.begin(), batch.views.begin() + G));
    const std::vector<Tensor> own = drawn(batch);
    const Tensor &mask_RT = own[0], &rows = own[1];
    const Teacher teacher = through_teacher(x);
    const Tensor tokens = vit_.tokens(x, {.mask_NL = mask_RT, .mask_token_D = mask_token_D_});
    const Tensor features = promoted(pooled_tokens(vit_, tokens));
    const Tensor patches = heads_.patches(tokens), cls = heads_.cls(with_local(features, batch));
    const FullPrecision full;
    const Teacher targets = targets_of(teacher, rows, B, teacher_temperature_.at(progress.epoch()));
    const Tensor cls_term =
        cross_entropy_of_pairs(cls.unflatten(0, {-1, B}), targets.cls, options_.student_temperature);
    const Tensor patch_term = patch_loss(patches.unflatten(0, {G, B}), targets.patches, mask_RT.unflatten(0, {G, B}),
                                         options_.student_temperature);
    Loss out{options_.cls_weight * cls_term + options_.patch_weight * patch_term,
             {{"cls", cls_term}, {"patch", patch_term}},
             features.narrow(0, 0, B)};
    if (options_.koleo_weight > 0) add_koleo(features, B, out);
    if (!options_.sinkhorn) {
      update_center(center_K_, teacher.cls, options_.center_momentum);
      update_center(patch_center_P_, teacher.patches, options_.center_momentum);
    }
    return out;
  }

  void after_backward(const Progress& progress) override {
    if (progress.epoch() < options_.frozen_epochs) heads_.drop_last_layer_gradients();
  }
  std::vector<double> host_values(const Progress& progress) const override {
    return {teacher_temperature_.at(progress.epoch()), progress.epoch() < options_.frozen_epochs ? 1.0 : 0.0};
  }
  void after_step(const Progress& progress) override { pairs_.update(schedule_.at(progress)); }

  ParameterRule rule(const std::string& name) const override {
    return {.rate_scale = name.starts_with("backbone.patch_embed.") ? options_.patch_embed_rate : 1};
  }

 private:
  struct Teacher {
    Tensor cls, patches;  // [G B, K] and [G B, T, P] of outputs; [G, B, ..] of targets
  };

  // Masks of the global crops, [G B, T] bool on the CPU: a share of the crops is masked, each by its own ratio.
  Tensor draw_masks(const TrainBatch& batch) const {
    const int64_t h = vit_.grid(batch.views[0].size(2)), w = vit_.grid(batch.views[0].size(3));
    const auto count = [&](RandomStream& stream) -> int64_t {
      if (stream.uniform() >= options_.mask_probability) return 0;
      const double ratio = options_.mask_low + (options_.mask_high - options_.mask_low) * stream.uniform();
      return static_cast<int64_t>(ratio * static_cast<double>(h * w));
    };
    std::vector<Tensor> masks;
    for (int64_t g = 0; g < global_views_; ++g) {
      masks.push_back(patch_masks(seed_, batch, g, h, w, options_.choice, count));
    }
    return at::cat(masks);
  }

  Teacher through_teacher(const Tensor& x) const {
    const at::NoGradGuard no_grad;
    const Tensor tokens = teacher_vit_.tokens(x);
    return {teacher_heads_.cls(pooled_tokens(teacher_vit_, tokens)), teacher_heads_.patches(tokens)};
  }

  // Features of the global crops, then of the local ones.
  Tensor with_local(const Tensor& features, const TrainBatch& batch) const {
    const std::vector<Tensor> local(batch.views.begin() + global_views_, batch.views.end());
    if (local.empty()) return features;
    return at::cat({features, through_views(local, true, [&](const Tensor& x) { return vit_.features(x); })});
  }

  Teacher targets_of(const Teacher& teacher, const Tensor& rows, int64_t B, double temperature) const {
    const Tensor patches_GBTP = teacher.patches.unflatten(0, {-1, B});
    if (options_.sinkhorn) {
      return {sinkhorn_knopp_over_ranks(teacher.cls / temperature, options_.sinkhorn_iterations).unflatten(0, {-1, B}),
              balanced_patches(patches_GBTP, rows, temperature, options_.sinkhorn_iterations)};
    }
    return {centred_targets(teacher.cls.unflatten(0, {-1, B}), center_K_, temperature),
            centred_targets(patches_GBTP, patch_center_P_, temperature)};
  }

  // Summed over the global crops, each alone.
  void add_koleo(const Tensor& features, int64_t B, Loss& out) const {
    Tensor sum;
    for (const Tensor& crop_BD : features.split(B)) {
      const Tensor term = koleo(whole_batch(crop_BD)).loss;
      sum = sum.defined() ? sum + term : term;
    }
    out.terms.emplace_back("koleo", sum);
    out.total = out.total + options_.koleo_weight * sum;
  }

  Vit& vit_;
  TokenHeads heads_;
  std::unique_ptr<Backbone> teacher_;
  Vit& teacher_vit_;
  TokenHeads teacher_heads_;
  MomentumSchedule schedule_;
  MomentumPairs pairs_;
  TeacherTemperature teacher_temperature_;
  Options options_;
  int64_t global_views_;
  uint64_t seed_;
  Tensor center_K_, patch_center_P_, mask_token_D_;
};

nlohmann::json presets() {
  // bytedance/ibot README and main_ibot.py, ViT-S/16 with ten local crops. No recipe for small images is published: the
  // same with fewer, smaller local crops and prototypes.
  const nlohmann::json adamw = {
      {"optimizer", "adamw"},      {"learning_rate", 5e-4},       {"learning_rate_scaling", "linear_256"},
      {"weight_decay", 0.04},      {"weight_decay_end", 0.4},     {"decay_norms_and_biases", false},
      {"clip_norm", 3.0},          {"clipping", "per_parameter"}, {"warmup_epochs", 10},
      {"schedule", "cosine_dino"}, {"final_learning_rate", 1e-6}};
  nlohmann::json views = {
      {"area_low", 0.25},  {"saturation", 0.2}, {"blur", {1.0, 0.1, 0.5}}, {"solarize", {0.0, 0.2, 0.0}},
      {"local_count", 10}, {"local_size", 96},  {"local_area_low", 0.05},  {"local_area_high", 0.25}};
  nlohmann::json small_views = views;
  small_views.update({{"blur", {0.0}}, {"local_count", 4}, {"local_size", 16}});
  // facebookresearch/dinov2 dinov2/configs/ssl_default_config.yaml and train/vitl16_short.yaml.
  nlohmann::json adamw2 = adamw, views2 = views;
  adamw2.update(
      {{"learning_rate", 4e-3}, {"learning_rate_scaling", "sqrt_1024"}, {"layer_decay", 0.9}, {"clipping", "global"}});
  views2.update({{"area_low", 0.32}, {"local_count", 8}, {"local_area_high", 0.32}});
  return {{"cifar", {{"prototypes", 4096}, {"pretrain", adamw}, {"views", small_views}}},
          {"imagenet", {{"norm_last_layer", false}, {"pretrain", adamw}, {"views", views}}},
          {"dinov2",
           {{"prototypes", 65536},
            {"patch_prototypes", 65536},
            {"shared_head", false},
            {"centering", "sinkhorn"},
            {"koleo_weight", 0.1},
            {"momentum", 0.992},
            {"patch_embed_rate", 0.2},
            {"pretrain", adamw2},
            {"views", views2}}}};
}

std::vector<Option> options() {
  return {real_option("student_temperature", 0.1, 1e-3, 10, "of the student's softmax"),
          real_option("center_momentum", 0.9, 0, 1, "of both centres, when centering = \"center\""),
          choice_option("centering", "center", {"center", "sinkhorn"},
                        "of the teacher's outputs: running centres (iBOT), or Sinkhorn-Knopp (DINOv2)"),
          integer_option("sinkhorn_iterations", 3, 1, 100, "when centering = \"sinkhorn\""),
          real_option("cls_weight", 1, 0, 1000, "weight of the class tokens' loss"),
          real_option("patch_weight", 1, 0, 1000, "weight of the masked patches' loss"),
          real_option("koleo_weight", 0, 0, 1000, "weight of KoLeo on every global crop's features (DINOv2: 0.1)"),
          choice_option("masking", "block", {"block", "random"}, "rectangles as BEiT, or single patches"),
          real_option("mask_probability", 0.5, 0, 1, "share of the global crops that are masked"),
          real_option("mask_ratio_low", 0.1, 0, 1, "smallest share of patches that a masked crop loses"),
          real_option("mask_ratio_high", 0.5, 0, 1, "largest share of patches that a masked crop loses"),
          flag_option("shared_head", true, "one head for class tokens and patches (DINOv2's large models: two)"),
          integer_option("patch_prototypes", 8192, 2, 1 << 20, "outputs of the patches' own head"),
          real_option("patch_embed_rate", 1, 0, 1, "factor on the learning rate of the patch embedding (DINOv2: 0.2)")};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "ibot",
     .summary = "self-distillation and masked patches: DINO's loss on class tokens and on patches; also DINOv2's",
     .paper = "arXiv:2111.07832, Eq. 2 and 3",
     .needs_vit = true,
     .options = joined({options(), TeacherTemperature::options(0.04, 0.07, 30), dino_head_options(8192),
                        momentum_options(0.996, 1, "dino")}),
     .pitfalls = {"A loss that stays at ln K has collapsed to the uniform distribution: lower teacher_temperature or "
                  "lengthen its warm-up.",
                  "preset = \"dinov2\" is DINOv2's combination (Sinkhorn, KoLeo, two heads); on small sets lower "
                  "prototypes and patch_prototypes.",
                  "The teacher's outputs of all patches take batch x 2 x patches x prototypes values: at 8192 outputs "
                  "and 196 patches 12 MB an image."},
     .presets = presets(),
     .tiny = {{"prototypes", 16}, {"patch_prototypes", 16}, {"hidden", 64}, {"bottleneck", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Ibot>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       if (settings.real("koleo_weight") > 0) return {};
       const int64_t cls = settings.integer("prototypes"),
                     patches = settings.flag("shared_head") ? cls : settings.integer("patch_prototypes");
       return {settings.real("cls_weight") * std::log(static_cast<double>(cls)) +
               settings.real("patch_weight") * settings.real("mask_probability") *
                   std::log(static_cast<double>(patches))};
     }});

}  // namespace
}  // namespace sslbench::ibot
