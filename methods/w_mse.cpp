// SPDX-License-Identifier: Apache-2.0
// W-MSE: projections are whitened over parts of the batch, so that they cannot collapse, then views are pulled
// together.
// Ermolov, Siarohin, Sangineto, Sebe: "Whitening for Self-Supervised Representation Learning", ICML 2021,
// arXiv:2007.06346; code: htdt/self-supervised methods/whitening.py, w_mse.py.
//   min E[dist(z_i, z_j)]  such that  cov(z, z) = I                      (Eq. 1, 2; dist: 2 - 2 cos)
//   z = W_V (v - mu_V),  W_V^T W_V = Sigma_V^-1                          (Eq. 4; W_V = L^-1, L L^T = Sigma_V)
// Shapes: N images, D projection width, I whitening iterations, C chunks of w rows.
#include "methods/w_mse.h"

#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_solve_triangular.h>

#include <limits>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "methods/patches/permutation.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/to_device.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::w_mse {

Tensor whitened(const Tensor& v_ND, const Tensor& order_N, int64_t w_size, double eps) {
  const int64_t chunks = order_N.size(0) / w_size, D = v_ND.size(1);
  const Tensor v_CwD = v_ND.index_select(0, order_N.narrow(0, 0, chunks * w_size)).view({chunks, w_size, D});
  const Tensor centred_CDw = (v_CwD - v_CwD.mean({1}, true)).transpose(1, 2);
  const Tensor sigma_CDD = at::bmm(centred_CDw, centred_CDw.transpose(1, 2)) / (w_size - 1);
  const Tensor shrunk_CDD = (1 - eps) * sigma_CDD + eps * at::eye(D, v_ND.options().requires_grad(false));
  const auto [l_CDD, error_C] = at::linalg_cholesky_ex(shrunk_CDD);
  const Tensor checked_CDD =
      l_CDD.masked_fill(error_C.ne(0).view({chunks, 1, 1}), std::numeric_limits<double>::quiet_NaN());
  return at::linalg_solve_triangular(checked_CDD, centred_CDw, /*upper=*/false)
      .transpose(1, 2)
      .reshape({chunks * w_size, D});
}

Tensor whitened_mse(const std::vector<Tensor>& views_ND, const Tensor& permutations_IN, int64_t w_size, double eps,
                    bool normalize) {
  Tensor sum = at::zeros({}, views_ND[0].options().requires_grad(false));
  int64_t count = 0;
  for (const Tensor& order_N : permutations_IN.unbind(0)) {
    std::vector<Tensor> z;
    for (const Tensor& v_ND : views_ND) {
      const Tensor z_ND = whitened(v_ND, order_N, w_size, eps);
      z.push_back(normalize ? unit_rows(z_ND) : z_ND);
    }
    for (size_t i = 0; i < z.size(); ++i) {
      for (size_t j = i + 1; j < z.size(); ++j, ++count) {
        sum = sum + (normalize ? 2 - 2 * (z[i] * z[j]).sum({1}).mean() : at::mse_loss(z[i], z[j]));
      }
    }
  }
  return sum / count;
}

namespace {

class WMse final : public Method {
 public:
  explicit WMse(MethodRequest request)
      : Method(std::move(request.backbone)),
        seed_(request.seed),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        w_size_(request.settings.integer("w_size")),
        iterations_(request.settings.integer("w_iter")),
        eps_(request.settings.real("eps")),
        normalize_(request.settings.flag("normalize")),
        one_pass_(request.settings.flag("one_pass")) {
    const int64_t D = request.settings.integer("projection");
    if (w_size_ <= D && eps_ == 0) {
      throw UserError("w_mse: " + std::to_string(w_size_) + " rows (w_size) cannot whiten " + std::to_string(D) +
                      " dimensions (projection); set w_size to twice the projection, or eps above 0");
    }
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    require_views("w_mse", batch, w_size_);
    const auto V = static_cast<int64_t>(batch.views.size());
    const Tensor v_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    const FullPrecision full;
    const std::vector<Tensor> views_ND = whole_batch_of_views(promoted(v_MD), V).chunk(V);
    std::vector<Tensor> orders;
    for (int64_t i = 0; i < iterations_; ++i) {
      orders.push_back(random_permutation({seed_, RandomUse::pretext, static_cast<uint32_t>(batch.epoch),
                                           static_cast<uint32_t>(progress.step), static_cast<uint32_t>(i)},
                                          views_ND[0].size(0)));
    }
    const Tensor permutations_IN = to_device(at::stack(orders), v_MD.device());
    return {whitened_mse(views_ND, permutations_IN, w_size_, eps_, normalize_), {}, views_ND[0]};
  }

 private:
  uint64_t seed_;
  MlpHead projector_;
  int64_t w_size_, iterations_;
  double eps_;
  bool normalize_, one_pass_;
};

nlohmann::json adam_recipe(double learning_rate) {
  return {{"optimizer", "adam"}, {"learning_rate", learning_rate}, {"weight_decay", 1e-6},
          {"schedule", "step"},  {"milestones", {0.95, 0.975}},    {"step_factor", 0.2}};
}

// htdt/self-supervised README and cfg.py, W-MSE 2: CIFAR-10 as it stands (drops 50 and 25 of 1,000 epochs before the
// end, here as shares); imagenet has no published recipe, so Tiny ImageNet's head, whitening and rate.
const nlohmann::json kPresets = {
    {"cifar", {{"pretrain", adam_recipe(3e-3)}, {"views", {{"area_low", 0.2}, {"gray", 0.1}}}}},
    {"imagenet",
     {{"projection", 128},
      {"w_size", 256},
      {"w_iter", 4},
      {"pretrain", adam_recipe(2e-3)},
      {"views", {{"area_low", 0.2}, {"gray", 0.1}, {"blur", 0.5}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "w_mse",
     .summary = "redundancy reduction: views of whitened projections are pulled together",
     .paper = "arXiv:2007.06346, Eq. 1-4",
     .options = joined({{integer_option("w_size", 128, 2, 65536, "rows that are whitened together"),
                         integer_option("w_iter", 1, 1, 1024, "whitenings a step, each over other parts"),
                         real_option("eps", 0, 0, 1, "shrinkage of the covariance towards the identity"),
                         flag_option("normalize", true, "distance 2 - 2 cos; false: mean squared difference"),
                         one_pass_option(false)},
                        head_options("", {.widths = {0, 1024, 64}})}),
     .pitfalls = {"w_size must be well above the projection's width (twice it): else the covariance is near-singular, "
                  "and the loss noisy or not finite.",
                  "Rows of a batch that fill no part of w_size take no part in the step: let w_size divide batch_size.",
                  "solo-learn stops the gradient of one view by default: its numbers are another method's."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 4}, {"w_size", 8}, {"w_iter", 2}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<WMse>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return settings.flag("normalize") ? ChanceLoss{2} : ChanceLoss{};
     }});

}  // namespace
}  // namespace sslbench::w_mse
