// SPDX-License-Identifier: Apache-2.0
// MoCo v3: predictions of one view find the momentum encoder's keys of the other among the keys of the batch.
// Chen, Xie, He: "An Empirical Study of Training Self-Supervised Vision Transformers", ICCV 2021, arXiv:2104.02057;
// code: facebookresearch/moco-v3 moco/builder.py.
//   L_q = -log  exp(q.k+ / tau) / ( exp(q.k+ / tau) + sum_k- exp(q.k- / tau) )      (Eq. 1)
//   loss = ctr(q1, k2) + ctr(q2, k1),   ctr = 2 tau L                              (Alg. 1)
// Shapes: N images, D projection width.
#include "methods/moco_v3.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/info_nce.h"
#include "methods/parts/momentum_branch.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/predictions.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::moco_v3 {

Tensor symmetric_contrast(const Tensor& q1_ND, const Tensor& q2_ND, const Tensor& k1_ND, const Tensor& k2_ND,
                          double tau) {
  return 2 * tau *
         (matching_cross_entropy(q1_ND, k2_ND.detach(), tau) + matching_cross_entropy(q2_ND, k1_ND.detach(), tau));
}

namespace {

class MocoV3 final : public Method {
 public:
  explicit MocoV3(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        predictor_(head_shape(request.settings, "predictor_", request.settings.integer("projection"),
                              request.settings.integer("projection")),
                   request.generator),
        momentum_(request, backbone(), projector_),
        tau_(request.settings.real("temperature")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    add_child("predictor", predictor_);
    add_child("", momentum_);
    if (!request.settings.flag("freeze_patch_embedding")) return;
    for (const auto& [name, tensor] : backbone().parameters()) {
      if (name.starts_with("patch_embed.")) tensor.set_requires_grad(false);
    }
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("moco_v3", batch);
    const Predictions online = predictions_of(batch.views, one_pass_, backbone(), projector_, predictor_);
    const auto keys = through_views(batch.views, one_pass_, [&](const Tensor& x) { return momentum_(x); }).chunk(2);
    const FullPrecision full;
    const Tensor q1_ND = whole_batch(online.p[0]), q2_ND = whole_batch(online.p[1]);
    const Tensor k1_ND = whole_batch(promoted(keys[0])), k2_ND = whole_batch(promoted(keys[1]));
    return {symmetric_contrast(q1_ND, q2_ND, k1_ND, k2_ND, tau_), {}, online.z[0]};
  }

  void after_step(const Progress& progress) override { momentum_.update(progress); }

 private:
  MlpHead projector_, predictor_;
  MomentumBranch momentum_;
  double tau_;
  bool one_pass_;
};

// cifar: solo-learn scripts/pretrain/cifar/mocov3.yaml. imagenet: facebookresearch/moco-v3 CONFIG.md, ResNet-50 for 300
// epochs (for a ViT: layers = 3, predictor_last_norm = "plain", temperature 0.2, AdamW 1.5e-4, weight decay 0.1).
const nlohmann::json kPresets = {{"cifar",
                                  {{"temperature", 0.2},
                                   {"momentum_schedule", "byol"},
                                   {"pretrain", solo_learn_lars(0.3, 1e-6)},
                                   {"views", solo_learn_pair()}}},
                                 {"imagenet", {{"pretrain", lars_recipe(0.6, 1e-6)}, {"views", [] {
                                                                                        nlohmann::json views =
                                                                                            byol_pair();
                                                                                        views["area_low"] = 0.2;
                                                                                        return views;
                                                                                      }()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "moco_v3",
     .summary = "contrastive: predictions find the momentum encoder's key of the other view in the batch, no queue",
     .paper = "arXiv:2104.02057, Alg. 1",
     .options = joined({{real_option("temperature", 1, 1e-3, 100, "tau of Eq. 1 (ResNet-50: 1; ViT: 0.2)"),
                         flag_option("freeze_patch_embedding", true,
                                     "a Vision Transformer keeps its random patch projection (section 4.2); other "
                                     "backbones have none"),
                         one_pass_option(false)},
                        momentum_options(0.99, 1, "moco_v3"),
                        head_options("", {.widths = {0, 4096, 256}, .last_norm = HeadNorm::plain}),
                        head_options("predictor_", {.widths = {0, 4096, 256}, .last_bias = false})}),
     .pitfalls = {"The loss is multiplied by 2 tau: a new temperature changes the size of the gradient only mildly.",
                  "Negatives come from the batch alone: small batches are weak; the authors use 4,096.",
                  "A ViT without a frozen patch embedding shows dips in accuracy that the loss hides."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}, {"predictor_hidden", 64}, {"temperature", 0.2}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<MocoV3>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       return {4 * settings.real("temperature") * std::log(static_cast<double>(input.batch_size))};
     }});

}  // namespace
}  // namespace sslbench::moco_v3
