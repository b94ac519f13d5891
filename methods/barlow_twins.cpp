// SPDX-License-Identifier: Apache-2.0
// Barlow Twins: the cross-correlation matrix of two views' projections becomes the identity.
// Zbontar, Jing, Misra, LeCun, Deny: "Barlow Twins: Self-Supervised Learning via Redundancy Reduction", ICML 2021,
// arXiv:2103.03230; code: facebookresearch/barlowtwins main.py.
//   L = sum_i (1 - C_ii)^2 + lambda sum_i sum_{j != i} C_ij^2                        (Eq. 1)
//   C_ij = sum_n z1_ni z2_nj / (sqrt(sum_n z1_ni^2) sqrt(sum_n z2_nj^2))             (Eq. 2; z centred over the batch)
// Shapes: N images, D projection width.
#include "methods/barlow_twins.h"

#include <set>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/off_diagonal.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::barlow_twins {

constexpr double kNormEps = 1e-5;  // of the authors' batch norm

Correlation redundancy_loss(const Tensor& z1_ND, const Tensor& z2_ND, double lambda, double scale, double eps) {
  const auto standardised = [eps](const Tensor& z_ND) {
    const Tensor centred_ND = z_ND - z_ND.mean({0}, true);
    return centred_ND / (centred_ND.square().mean({0}, true) + eps).sqrt();
  };
  const Tensor c_DD = at::mm(standardised(z1_ND).t(), standardised(z2_ND)) / z1_ND.size(0);
  const Tensor invariance = (c_DD.diagonal() - 1).square().sum();
  return {scale * (invariance + lambda * off_diagonal_squares(c_DD)), c_DD};
}

namespace {

class BarlowTwins final : public Method {
 public:
  explicit BarlowTwins(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        lambda_(request.settings.real("lambda")),
        scale_(request.settings.real("scale")),
        vector_rate_(request.settings.real("bias_rate")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    for (const auto& [name, tensor] : parameters()) {
      if (tensor.dim() < 2) vectors_.insert(name);
    }
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("barlow_twins", batch);
    const Tensor z_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    const FullPrecision full;
    const auto z = whole_batch_of_views(promoted(z_MD), 2).chunk(2);
    const Tensor &z1_ND = z[0], &z2_ND = z[1];
    const Correlation found = redundancy_loss(z1_ND, z2_ND, lambda_, scale_, kNormEps);
    return {found.loss, {{"diagonal", found.matrix_DD.diagonal().mean()}}, z1_ND};
  }

  ParameterRule rule(const std::string& name) const override {
    return {.rate_scale = vectors_.contains(name) ? vector_rate_ : 1};
  }

 private:
  MlpHead projector_;
  double lambda_, scale_, vector_rate_;
  bool one_pass_;
  std::set<std::string> vectors_;  // names of norms and biases
};

// cifar: solo-learn scripts/pretrain/cifar/barlow.yaml. imagenet: the authors' main.py (weights 0.2, biases 0.0048).
const nlohmann::json kPresets = {{"cifar",
                                  {{"scale", 0.1},
                                   {"hidden", 2048},
                                   {"projection", 2048},
                                   {"bias_rate", 1.0},
                                   {"pretrain", solo_learn_lars(0.3, 1e-4)},
                                   {"views", solo_learn_pair()}}},
                                 {"imagenet", {{"pretrain", lars_recipe(0.2, 1e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "barlow_twins",
     .summary = "redundancy reduction: the cross-correlation of two views' projections becomes the identity",
     .paper = "arXiv:2103.03230, Eq. 1",
     .options = joined({{real_option("lambda", 0.0051, 0, 1e6, "weight of the off-diagonal terms"),
                         real_option("scale", 1, 0, 1e6, "factor on the whole loss (solo-learn: 0.1 on CIFAR)"),
                         real_option("bias_rate", 0.024, 0, 1e3,
                                     "learning rate of norms and biases over that of weights (authors: 0.0048 / 0.2)"),
                         one_pass_option(false)},
                        head_options("", {.widths = {0, 8192, 8192, 8192}, .last_bias = false})}),
     .pitfalls = {"The loss is a sum over D^2 entries: its size grows with the projection, so rates tuned at one width "
                  "do not carry over; under LARS, `scale` acts on norms and biases only.",
                  "Statistics must span the whole batch: per-device batch norm changes both loss and gradient."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<BarlowTwins>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::barlow_twins
