// SPDX-License-Identifier: Apache-2.0
// BYOL: the online network predicts what a slowly moving copy of itself says about the other view; no negatives.
// Grill, Strub, Altché, Tallec, Richemond et al.: "Bootstrap Your Own Latent", NeurIPS 2020, arXiv:2006.07733.
//   L = |unit(q(z1)) - unit(z2')|^2 = 2 - 2 <q(z1), z2'> / (|q(z1)| |z2'|)      (Eq. 2)
//   loss = L + L~ with the views swapped;   xi <- tau xi + (1 - tau) theta      (section 3.1)
// Shapes: N images, D projection width.
#include "methods/byol.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/cosine.h"
#include "methods/parts/momentum_branch.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/predictions.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench::byol {

Tensor regression_loss(const Tensor& p1_ND, const Tensor& p2_ND, const Tensor& z1_ND, const Tensor& z2_ND, bool sum) {
  const Tensor mean = 2 - 2 * paired_cosine(p1_ND, z2_ND, p2_ND, z1_ND);
  return sum ? 2 * mean : mean;
}

namespace {

class Byol final : public Method {
 public:
  explicit Byol(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        predictor_(head_shape(request.settings, "predictor_", request.settings.integer("projection"),
                              request.settings.integer("projection")),
                   request.generator),
        momentum_(request, backbone(), projector_),
        sum_(request.settings.text("direction_reduction") == "sum"),
        factor_(request.settings.text("direction_reduction") == "negative_cosine" ? 0.5 : 1),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    add_child("predictor", predictor_);
    add_child("", momentum_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("byol", batch);
    const Predictions online = predictions_of(batch.views, one_pass_, backbone(), projector_, predictor_);
    const auto target = through_views(batch.views, one_pass_, [&](const Tensor& x) { return momentum_(x); }).chunk(2);
    const FullPrecision full;
    const Tensor loss = regression_loss(online.p[0], online.p[1], promoted(target[0]), promoted(target[1]), sum_);
    return {factor_ * loss, {}, online.z[0]};
  }

  void after_step(const Progress& progress) override { momentum_.update(progress); }

 private:
  MlpHead projector_, predictor_;
  MomentumBranch momentum_;
  bool sum_;
  double factor_;
  bool one_pass_;
};

// cifar: solo-learn scripts/pretrain/cifar/byol.yaml. imagenet: section 3.3 of the paper, 1,000 epochs.
const nlohmann::json kPresets = {
    {"cifar", {{"momentum", 0.99}, {"pretrain", solo_learn_lars(1.0, 1e-5)}, {"views", solo_learn_pair()}}},
    {"imagenet", {{"pretrain", lars_recipe(0.2, 1.5e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "byol",
     .summary = "regression: predicts a momentum encoder's projection of the other view, without negatives",
     .paper = "arXiv:2006.07733, Eq. 2",
     .options = joined({{choice_option("direction_reduction", "sum", {"sum", "mean", "negative_cosine"},
                                       "of the two directions of 2 - 2 cos: paper and solo-learn; half of it; or a "
                                       "quarter, lightly's mean of -cos plus a constant"),
                         one_pass_option(false)},
                        momentum_options(0.996, 1, "byol"),
                        head_options("", {.widths = {0, 4096, 256}}),
                        head_options("predictor_", {.widths = {0, 4096, 256}})}),
     .pitfalls = {"Without batch norm in the hidden layers it needs careful initialisation, or collapses.",
                  "A loss near 0 is no success by itself: constant outputs reach it; look at the embedding's spread.",
                  "Short runs want a lower momentum (0.99): at 0.996 the target barely moves."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}, {"predictor_hidden", 64}, {"momentum", 0.9}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Byol>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       const std::string reduction = settings.text("direction_reduction");
       return {reduction == "sum" ? 4.0 : reduction == "mean" ? 2.0 : 1.0};
     }});

}  // namespace
}  // namespace sslbench::byol
