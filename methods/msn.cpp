// SPDX-License-Identifier: Apache-2.0
// MSN: a view with most patches missing belongs to the same prototypes as the whole one. PMSN: prototypes need not be
// used alike, but as a power law says.
// Assran, Caron, Misra, Bojanowski, Bordes, Vincent, Joulin, Rabbat, Ballas: "Masked Siamese Networks for
// Label-Efficient Learning", ECCV 2022, arXiv:2204.07141.
//   p_{i,m} = softmax(z_{i,m} q / tau)                                                       (Eq. 1)
//   1 / (M B) sum_i sum_m H(p+_i, p_{i,m}) - lambda H(p-bar)                                 (Eq. 2)
// Assran et al.: "The Hidden Uniform Cluster Prior in Self-Supervised Learning", ICLR 2023, arXiv:2210.07277: the
// entropy of p-bar gives way to its divergence from a power law.
// Lines follow facebookresearch/msn src/losses.py, and lightly's PMSNLoss.
// Shapes: B images, V anchors of each, R = V B rows, view-major, D width, P prototypes.
#include "methods/msn.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/momentum.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/sinkhorn.h"
#include "methods/parts/vit_of.h"
#include "methods/patches/patch_masks.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::msn {

Tensor log_predictions(const Tensor& z_RD, const Tensor& prototypes_PD, double temperature) {
  return at::log_softmax(at::mm(unit_rows(z_RD), unit_rows(prototypes_PD).t()) / temperature, 1);
}

Tensor targets(const Tensor& z_BD, const Tensor& prototypes_PD, double temperature, double target_temperature,
               int64_t sinkhorn_iterations) {
  const at::NoGradGuard no_grad;
  const Tensor log_q_BP = at::log_softmax(log_predictions(z_BD, prototypes_PD, temperature) / target_temperature, 1);
  return sinkhorn_iterations > 0 ? sinkhorn_knopp(log_q_BP, sinkhorn_iterations) : log_q_BP.exp();
}

Tensor cross_entropy(const Tensor& log_p_RP, const Tensor& targets_BP) {
  const int64_t B = targets_BP.size(0), P = targets_BP.size(1);
  return -(log_p_RP.view({-1, B, P}) * targets_BP).sum(-1).mean();
}

Tensor mean_entropy(const Tensor& log_p_RP) { return -(log_p_RP.exp() * log_p_RP).sum(1).mean(); }

Tensor log_mean(const Tensor& log_p_RP) {
  return at::logsumexp(log_p_RP, at::IntArrayRef{0}) - std::log(static_cast<double>(log_p_RP.size(0)));
}

Tensor me_max(const Tensor& log_mean_P) {
  return std::log(static_cast<double>(log_mean_P.size(0))) + (log_mean_P.exp() * log_mean_P).sum();
}

Tensor power_law_divergence(const Tensor& log_mean_P, double exponent) {
  const Tensor k_P = at::arange(1, log_mean_P.size(0) + 1, log_mean_P.options());
  const Tensor log_u_P = at::log_softmax(k_P.log() * -exponent, 0);
  return (log_u_P.exp() * (log_u_P - log_mean_P)).sum();
}

namespace {

HeadShape authors_head() { return {.widths = {0, 2048, 2048, 256}, .gelu = true}; }

HeadShape asked_head(const Settings& settings, int64_t in) {
  HeadShape out = head_shape(settings, "", in);
  out.gelu = true;
  return out;
}

class Msn final : public Method {
 public:
  explicit Msn(MethodRequest request)
      : Method(std::move(request.backbone)),
        vit_(vit_of("msn", backbone())),
        head_(asked_head(request.settings, vit_.shape().dim), request.generator),
        teacher_(request.twin()),
        teacher_vit_(vit_of("msn", *teacher_)),
        teacher_head_(asked_head(request.settings, vit_.shape().dim), request.generator),
        schedule_(request.settings),
        pairs_(momentum_buffers(request.settings)),
        full_views_(request.input.views),
        options_(request.settings),
        seed_(request.seed) {
    check(request.input);
    const int64_t P = request.settings.integer("prototypes"), D = request.settings.integer("projection");
    const double bound = 1 / std::sqrt(static_cast<double>(D));
    prototypes_PD_ =
        add_parameter("prototypes", at::empty({P, D}, at::kFloat).uniform_(-bound, bound, request.generator));
    pairs_.follow(backbone(), *teacher_);
    pairs_.follow(head_, teacher_head_);
    add_child("projector", head_);
    add_child("momentum_backbone", *teacher_);
    add_child("momentum_projector", teacher_head_);
  }

  // For every masked anchor.
  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    std::vector<Tensor> noise;
    for (int64_t v = 1; v < full_views_; ++v) {
      const Tensor& x_NCHW = batch.views[static_cast<size_t>(v)];
      noise.push_back(uniform_noise(seed_, batch, v, vit_.grid(x_NCHW.size(2)) * vit_.grid(x_NCHW.size(3))));
    }
    return noise;
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    if (whole_batch_size(batch.views[0].size(0)) < 2) {
      throw UserError("msn: a batch needs at least 2 images to spread over prototypes; raise pretrain.batch_size");
    }
    const Tensor own_RD = through_anchors(batch), target_BD = through_teacher(batch.views[0]);
    const FullPrecision full;
    const int64_t anchors = std::ssize(batch.views) - 1;
    const Tensor anchors_RD = whole_batch_of_views(promoted(own_RD), anchors);
    const Tensor log_p_RP = log_predictions(anchors_RD, prototypes_PD_, options_.temperature);
    const Tensor targets_BP = targets(whole_batch(promoted(target_BD)), prototypes_PD_, options_.temperature,
                                      options_.target_temperature, options_.sinkhorn_iterations);
    const Tensor agreement = cross_entropy(log_p_RP, targets_BP), log_mean_P = log_mean(log_p_RP);
    const Tensor spread =
        options_.power_law ? power_law_divergence(log_mean_P, options_.power_law_exponent) : me_max(log_mean_P);
    Tensor total = agreement + options_.regularizer_weight * spread;
    if (options_.entropy_weight > 0) total = total + options_.entropy_weight * mean_entropy(log_p_RP);
    return {total, {{"agreement", agreement}, {"regularizer", spread}}, anchors_RD.narrow(0, 0, targets_BP.size(0))};
  }

  void after_step(const Progress& progress) override { pairs_.update(schedule_.at(progress)); }

 private:
  struct Options {
    explicit Options(const Settings& settings)
        : temperature(settings.real("temperature")),
          target_temperature(settings.real("target_temperature")),
          regularizer_weight(settings.real("regularizer_weight")),
          power_law_exponent(settings.real("power_law_exponent")),
          entropy_weight(settings.real("entropy_weight")),
          patch_drop(settings.real("patch_drop")),
          sinkhorn_iterations(settings.integer("sinkhorn_iterations")),
          power_law(settings.text("regularizer") == "power_law"),
          one_pass(settings.flag("one_pass")) {}
    double temperature, target_temperature, regularizer_weight, power_law_exponent, entropy_weight, patch_drop;
    int64_t sinkhorn_iterations;
    bool power_law, one_pass;
  };

  void check(const MethodInput& input) const {
    if (input.views + input.local_views < 2) {
      throw UserError("msn: needs a target view and at least one anchor; set views.count = 2 or views.local_count");
    }
    const int64_t L = vit_.grid(input.image_size) * vit_.grid(input.image_size);
    if (kept_patches(L, options_.patch_drop) > 0) return;
    throw UserError("msn: patch_drop = " + std::to_string(options_.patch_drop) + " leaves none of " +
                    std::to_string(L) + " patches; lower patch_drop or backbone.patch_size");
  }

  // Anchors view-major: full views with patches left out at random, then whole focal (local) views.
  Tensor through_anchors(const TrainBatch& batch) const {
    std::vector<Tensor> out;
    const std::vector<Tensor> noise_NL = drawn(batch);
    for (int64_t v = 1; v < full_views_; ++v) {
      const Tensor& x_NCHW = batch.views[static_cast<size_t>(v)];
      const RandomMasking masking = random_masking(noise_NL[static_cast<size_t>(v - 1)], options_.patch_drop);
      const VitInput input{.keep_NK = masking.ids_keep_NK, .places_NL = masking.places_NL};
      out.push_back(head_(pooled_tokens(vit_, vit_.tokens(x_NCHW, input))));
    }
    const std::vector<Tensor> focal(batch.views.begin() + full_views_, batch.views.end());
    if (!focal.empty()) {
      out.push_back(
          through_views(focal, options_.one_pass, [&](const Tensor& x_NCHW) { return head_(vit_.features(x_NCHW)); }));
    }
    return out.size() == 1 ? out.front() : at::cat(out);
  }

  Tensor through_teacher(const Tensor& x_NCHW) const {
    const at::NoGradGuard no_grad;
    return teacher_head_(teacher_vit_.features(x_NCHW));
  }

  Vit& vit_;
  MlpHead head_;
  std::unique_ptr<Backbone> teacher_;
  Vit& teacher_vit_;
  MlpHead teacher_head_;
  MomentumSchedule schedule_;
  MomentumPairs pairs_;
  int64_t full_views_;  // the first is the target
  Options options_;
  uint64_t seed_;
  Tensor prototypes_PD_;
};

nlohmann::json presets() {
  // facebookresearch/msn configs/pretrain/msn_vits16.yaml: 1e-3 for 1024 images; crops of 0.3-1, ten focal ones of
  // 0.05-0.3. On small images as lightly's Imagenette benchmark (AdamW 1.5e-4 for 256 images), with fewer focal views.
  const nlohmann::json adamw = {{"optimizer", "adamw"},
                                {"learning_rate", 2.5e-4},
                                {"learning_rate_scaling", "linear_256"},
                                {"weight_decay", 0.04},
                                {"weight_decay_end", 0.4},
                                {"decay_norms_and_biases", false},
                                {"clip_norm", 3.0},
                                {"warmup_epochs", 15},
                                {"warmup_start", 0.2},
                                {"schedule", "cosine_moco_v3"},
                                {"final_learning_rate", 1e-6}};
  nlohmann::json small = adamw;
  small.update({{"learning_rate", 1.5e-4}, {"warmup_epochs", 10}});
  nlohmann::json views = {
      {"area_low", 0.3}, {"brightness", 0.4}, {"contrast", 0.4},        {"saturation", 0.4},      {"hue", 0.1},
      {"blur", {0.5}},   {"local_count", 10}, {"local_area_low", 0.05}, {"local_area_high", 0.3}, {"local_size", 96}};
  nlohmann::json small_views = views;
  small_views.update({{"blur", {0.0}}, {"local_count", 2}, {"local_size", 16}});
  return {{"cifar", {{"prototypes", 256}, {"pretrain", small}, {"views", small_views}}},
          {"imagenet", {{"pretrain", adamw}, {"views", views}}}};
}

std::vector<Option> options() {
  return {real_option("temperature", 0.1, 1e-3, 10, "tau of Eq. 1"),
          real_option("target_temperature", 0.25, 1e-3, 10, "sharpening of the targets: powers of 1 / this"),
          real_option("patch_drop", 0.15, 0, 0.99, "share of an anchor's patches left out (0.15 ViT-S, 0.3 ViT-B)"),
          integer_option("prototypes", 1024, 2, 1 << 20, "prototypes P"),
          integer_option("sinkhorn_iterations", 3, 0, 100, "balancing of the targets; 0 = off"),
          choice_option("regularizer", "me_max", {"me_max", "power_law"},
                        "spreads the mean prediction evenly (MSN), or as a power law (PMSN)"),
          real_option("regularizer_weight", 1, 0, 1000, "lambda of Eq. 2"),
          real_option("power_law_exponent", 0.25, 0, 10, "of PMSN's power law: use falls as rank^-exponent"),
          real_option("entropy_weight", 0, 0, 1000, "weight of the mean entropy of single predictions"),
          one_pass_option(true)};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "msn",
     .summary = "masked siamese: a view with patches missing finds the prototypes of the whole one; also PMSN",
     .paper = "arXiv:2204.07141, Eq. 2; arXiv:2210.07277",
     .needs_vit = true,
     .options = joined({options(), head_options("", authors_head()), momentum_options(0.996, 1, "ijepa")}),
     .pitfalls = {"me_max assumes classes of equal size: on long-tailed sets set regularizer = \"power_law\" (PMSN).",
                  "The memory of ten focal views is about three times that of two views; lower views.local_count.",
                  "Prototypes collapse silently when regularizer_weight = 0 and sinkhorn_iterations = 0."},
     .presets = presets(),
     .tiny = {{"prototypes", 16}, {"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> { return std::make_unique<Msn>(std::move(request)); },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       if (settings.text("regularizer") == "power_law") return {};
       return {(1 + settings.real("entropy_weight")) * std::log(static_cast<double>(settings.integer("prototypes")))};
     }});

}  // namespace
}  // namespace sslbench::msn
