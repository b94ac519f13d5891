// SPDX-License-Identifier: Apache-2.0
// MMCR: the centroids of images' views fill the sphere: their matrix has the largest nuclear norm.
// Yerxa, Kuang, Simoncelli, Chung: "Learning Efficient Coding of Natural Images with Maximum Manifold Capacity
// Representations", NeurIPS 2023, arXiv:2303.03307; code: ThomasYerxa/mmcr.
//   L = -|C|_* + lambda/N sum_n |Z_n|_*      (Eq. 6; C: row n is the mean over views of z_n, Z_n: its views)
// z of unit length, |.|_* the sum of singular values. With a momentum encoder, C is the mean over the views of both
// networks (mmcr/imagenet/loss_mmcr_momentum.py). Shapes: N images, V views, D projection width.
#include "methods/mmcr.h"

#include <ATen/ops/linalg_svdvals.h>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/momentum_branch.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/capture.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::mmcr {

namespace {

// |.|_*, added over all matrices of the last two dimensions; not from a Gram matrix, which squares the condition.
Tensor sum_of_singular_values(const Tensor& matrix) {
  expect_no_capture("LibTorch looks whether its solver for singular values has converged");
  return at::linalg_svdvals(matrix).sum();  // host read: LibTorch looks whether its solver has converged
}

}  // namespace

Tensor local_nuclear(const Tensor& z_NVD) { return sum_of_singular_values(unit_rows(z_NVD)); }

Tensor global_nuclear(const Tensor& z_NVD, const Tensor& z_momentum_NVD) {
  Tensor centroid_ND = unit_rows(z_NVD).mean({1});
  if (z_momentum_NVD.defined()) centroid_ND = (centroid_ND + unit_rows(z_momentum_NVD.detach()).mean({1})) / 2;
  return sum_of_singular_values(centroid_ND);
}

Tensor manifold_capacity_loss(const Tensor& z_NVD, const Tensor& z_momentum_NVD, double lambda) {
  const Tensor global = -global_nuclear(z_NVD, z_momentum_NVD);
  return lambda == 0 ? global : global + lambda / z_NVD.size(0) * local_nuclear(z_NVD);
}

namespace {

class Mmcr final : public Method {
 public:
  explicit Mmcr(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        lambda_(request.settings.real("lambda")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    if (!request.settings.flag("momentum_encoder")) return;
    momentum_ = std::make_unique<MomentumBranch>(request, backbone(), projector_);
    add_child("", *momentum_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_views("mmcr", batch);
    const auto V = static_cast<int64_t>(batch.views.size());
    const auto by_image = [&](const Tensor& z_MD) {
      return at::stack(whole_batch_of_views(promoted(z_MD), V).chunk(V), 1);
    };
    const Tensor z_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    Tensor target_MD;
    if (momentum_) target_MD = through_views(batch.views, one_pass_, [&](const Tensor& x) { return (*momentum_)(x); });
    const FullPrecision full;
    const Tensor z_NVD = by_image(z_MD);
    return {manifold_capacity_loss(z_NVD, target_MD.defined() ? by_image(target_MD) : Tensor(), lambda_),
            {},
            z_NVD.select(1, 0)};
  }

  void after_step(const Progress& progress) override {
    if (momentum_) momentum_->update(progress);
  }

 private:
  MlpHead projector_;
  std::unique_ptr<MomentumBranch> momentum_;  // may be absent
  double lambda_;
  bool one_pass_;
};

// cifar: pretrain_cifar_stl.py (Adam 1e-3; there 40 views of 32 images, here 4 of as many images as other methods
// see). imagenet: pretrain_imagenet.py (momentum form, rate 0.8 at 256 images; 8 views there, 2 here).
const nlohmann::json kPresets = {
    {"cifar",
     {{"hidden", 512},
      {"projection", 128},
      {"layers", 2},
      {"pretrain", {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 1e-6}}},
      {"views", {{"count", 4}}}}},
    {"imagenet", {{"momentum_encoder", true}, {"pretrain", lars_recipe(0.8, 1e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "mmcr",
     .summary = "redundancy reduction: the centroids of images' views get the largest nuclear norm",
     .paper = "arXiv:2303.03307, Eq. 6",
     .options =
         joined({{real_option("lambda", 0, 0, 1e6, "weight of the local term"),
                  flag_option("momentum_encoder", false,
                              "centroids also take the views of a momentum encoder (the authors' ImageNet code)"),
                  one_pass_option(true)},
                 momentum_options(0.99, 0.99, "constant"),
                 head_options("", {.widths = {0, 8192, 8192, 512}, .last_bias = false})}),
     .pitfalls = {"The decomposition of the N x D centroids runs in float32 and grows with min(N, D)^2 max(N, D): wide "
                  "projections of large batches are slow.",
                  "The bound of the loss depends on batch size and width (-sqrt(min(N, D)) * sqrt(N)): losses of runs "
                  "with other batches are not comparable.",
                  "lightly's loss does not normalise its input: its values are not comparable."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 16}, {"lambda", 0.1}, {"momentum_encoder", true}, {"momentum", 0.9}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Mmcr>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::mmcr
