// SPDX-License-Identifier: Apache-2.0
// TiCo: views agree (transformation invariance) while projections avoid the directions of a running covariance matrix
// (covariance contrast), an implicit memory of past negatives.
// Zhu, Moraes, Karakulak, Sobol, Canziani, LeCun: "TiCo: Transformation Invariance and Covariance Contrast for
// Self-Supervised Visual Representation Learning", 2022, arXiv:2206.10698.
//   C_t  = beta C_{t-1} + (1 - beta) 1/N sum_i z1_i z1_i^T                              (Eq. 5)
//   loss = -1/N sum_i z1_i.z2_i + rho/N sum_i z1_i^T C_t z1_i                           (Eq. 6; + 1 here)
// z of unit length; z1 from the online network, z2 from its momentum encoder. Shapes: N images, D projection width.
#include "methods/tico.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/momentum_branch.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::tico {

Step invariance_and_contrast(const Tensor& z1_ND, const Tensor& z2_ND, const Tensor& covariance_DD, double beta,
                             double rho, bool detach_batch) {
  const Tensor u1_ND = unit_rows(z1_ND), u2_ND = unit_rows(z2_ND);
  Tensor batch_DD = at::mm(u1_ND.t(), u1_ND) / z1_ND.size(0);
  if (detach_batch) batch_DD = batch_DD.detach();
  const Tensor c_DD = beta * covariance_DD.detach() + (1 - beta) * batch_DD;
  const Tensor invariance = (u1_ND * u2_ND).sum({1}).mean();
  const Tensor contrast = (at::mm(u1_ND, c_DD) * u1_ND).sum({1}).mean();
  return {1 - invariance + rho * contrast, c_DD.detach()};
}

namespace {

class TiCo final : public Method {
 public:
  explicit TiCo(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        momentum_(request, backbone(), projector_),
        beta_(request.settings.real("beta")),
        rho_(request.settings.real("rho")),
        detach_batch_(request.settings.flag("detach_batch")) {
    const int64_t D = request.settings.integer("projection");
    covariance_DD_ = add_buffer("covariance", at::zeros({D, D}));
    add_child("projector", projector_);
    add_child("", momentum_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("tico", batch);
    const Tensor online_ND = projector_(backbone().features(batch.views[0]));
    const Tensor target_ND = momentum_(batch.views[1]);
    const FullPrecision full;
    const Tensor z1_ND = whole_batch(promoted(online_ND)), z2_ND = whole_batch(promoted(target_ND));
    const Step step = invariance_and_contrast(z1_ND, z2_ND, covariance_DD_, beta_, rho_, detach_batch_);
    const at::NoGradGuard no_grad;
    covariance_DD_.copy_(step.covariance_DD);
    return {step.loss, {}, z1_ND};
  }

  void after_step(const Progress& progress) override { momentum_.update(progress); }

 private:
  MlpHead projector_;
  MomentumBranch momentum_;
  Tensor covariance_DD_;
  double beta_, rho_;
  bool detach_batch_;
};

// cifar: sayannag/TiCo-pytorch (rate 0.06, rho 20), with lightly's scaling and weight decay for CIFAR. imagenet:
// lightly benchmarks/imagenet/resnet50/tico.py.
const nlohmann::json kPresets = {{"cifar", {{"rho", 20.0}, {"pretrain", sgd_recipe(0.06, "linear_128", 5e-4)}}},
                                 {"imagenet", {{"pretrain", lars_recipe(0.2, 1.5e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "tico",
     .summary = "redundancy reduction: agrees with a momentum encoder, avoids the running covariance's directions",
     .paper = "arXiv:2206.10698, Eq. 5, 6",
     .options = joined({{real_option("beta", 0.9, 0, 1, "share of the old covariance"),
                         real_option("rho", 8, 0, 1e6, "weight of the covariance contrast"),
                         flag_option("detach_batch", false,
                                     "no gradient through the covariance (lightly); false: through the batch's share")},
                        momentum_options(0.99, 1, "tico"),
                        head_options("", {.widths = {0, 4096, 256}})}),
     .pitfalls = {"The covariance starts at zero: with beta = 0.9 the contrast term reaches its size after some 30 "
                  "steps, and the loss rises meanwhile.",
                  "Code that keeps the covariance outside the checkpoint (lightly) starts it anew on every resume."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}, {"momentum", 0.9}, {"beta", 0.2}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<TiCo>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::tico
