// SPDX-License-Identifier: Apache-2.0
// VICReg: views agree (invariance), every dimension keeps a spread of at least 1 (variance), dimensions do not repeat
// each other (covariance).
// Bardes, Ponce, LeCun: "VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning", ICLR
// 2022, arXiv:2105.04906; code: facebookresearch/vicreg main_vicreg.py.
//   v(Z) = 1/D sum_d max(0, 1 - sqrt(Var(z_d) + eps))                          (Eq. 1)
//   c(Z) = 1/D sum_{i != j} C(Z)_ij^2,   C: covariance, divided by N - 1       (Eq. 3, 4)
//   s(Z, Z') = 1/N sum_n |z_n - z'_n|^2                                        (Eq. 5; the code also divides by D)
//   loss = lambda s + mu [v(Z) + v(Z')] + nu [c(Z) + c(Z')]                    (Eq. 6)
// Shapes: N images, D projection width.
#include "methods/vicreg.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/variance_covariance.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::vicreg {

Terms vicreg_loss(const Tensor& z1_ND, const Tensor& z2_ND, const Weights& weights) {
  const Tensor invariance = at::mse_loss(z1_ND, z2_ND);
  Tensor variance = variance_hinge(z1_ND, weights.eps) + variance_hinge(z2_ND, weights.eps);
  if (weights.halve_variance) variance = variance / 2;
  const Tensor covariance = covariance_penalty(z1_ND) + covariance_penalty(z2_ND);
  return {weights.invariance * invariance + weights.variance * variance + weights.covariance * covariance, invariance,
          variance, covariance};
}

namespace {

class VicReg final : public Method {
 public:
  explicit VicReg(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        weights_{request.settings.real("sim_coeff"), request.settings.real("std_coeff"),
                 request.settings.real("cov_coeff"), request.settings.real("eps"),
                 request.settings.text("variance_reduction") == "mean"},
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("vicreg", batch);
    const Tensor z_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    const FullPrecision full;
    const auto z = whole_batch_of_views(promoted(z_MD), 2).chunk(2);
    const Tensor& z1_ND = z[0];
    const Terms terms = vicreg_loss(z1_ND, z[1], weights_);
    return {terms.loss,
            {{"invariance", terms.invariance}, {"variance", terms.variance}, {"covariance", terms.covariance}},
            z1_ND};
  }

 private:
  MlpHead projector_;
  Weights weights_;
  bool one_pass_;
};

// cifar: solo-learn scripts/pretrain/cifar/vicreg.yaml. imagenet: the authors' README, ResNet-50 (base rate 0.3 for 100
// epochs, 0.2 for 1,000).
const nlohmann::json kPresets = {{"cifar",
                                  {{"variance_reduction", "sum"},
                                   {"hidden", 2048},
                                   {"projection", 2048},
                                   {"pretrain", solo_learn_lars(0.3, 1e-4)},
                                   {"views", {{"area_low", 0.2}, {"saturation", 0.2}, {"solarize", 0.1}}}}},
                                 {"imagenet", {{"pretrain", lars_recipe(0.2, 1e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "vicreg",
     .summary = "redundancy reduction: views agree, dimensions keep their variance and do not covary",
     .paper = "arXiv:2105.04906, Eq. 6",
     .options = joined({{real_option("sim_coeff", 25, 0, 1e6, "lambda of Eq. 6, invariance"),
                         real_option("std_coeff", 25, 0, 1e6, "mu of Eq. 6, variance"),
                         real_option("cov_coeff", 1, 0, 1e6, "nu of Eq. 6, covariance"),
                         real_option("eps", 1e-4, 0, 1, "under the root of Eq. 1"),
                         choice_option("variance_reduction", "mean", {"mean", "sum"},
                                       "over the two views: half of Eq. 6's sum (authors' code, lightly), or the sum "
                                       "(paper, solo-learn)"),
                         one_pass_option(false)},
                        head_options("", {.widths = {0, 8192, 8192, 8192}, .last_bias = false})}),
     .pitfalls = {"Paper and code differ by a factor of two in the variance term (variance_reduction): std_coeff = 25 "
                  "means different things in both.",
                  "It tends to diverge without LARS and warm-up at large rates.",
                  "Batches smaller than the projection leave the covariance rank-deficient: keep N well above 256."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<VicReg>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::vicreg
