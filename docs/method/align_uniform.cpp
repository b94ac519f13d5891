// SPDX-License-Identifier: Apache-2.0
// Alignment and uniformity: views of one image lie near each other, and all images lie spread over the sphere.
// Wang, Isola: "Understanding Contrastive Representation Learning through Alignment and Uniformity on the Hypersphere",
// ICML 2020, arXiv:2005.10242.
//   L_align   = E |f(x) - f(y)|^2                                                       (section 4.1, alpha = 2)
//   L_uniform = log E exp(-t |f(x_i) - f(x_j)|^2), i < j, mean of both views            (section 4.1)
//   loss      = L_align + weight * L_uniform
// Shapes: N images, D projection width, P pairs of images.
#include "align_uniform.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::align_uniform {
namespace {

Tensor uniformity(const Tensor& u_ND, double t) {
  const int64_t N = u_ND.size(0);
  const Tensor above_NN = at::ones({N, N}, u_ND.options().dtype(at::kBool)).triu(1);
  const Tensor squared_NN = 2 - 2 * at::mm(u_ND, u_ND.t());
  const Tensor energy_NN = (-t * squared_NN).masked_fill(above_NN.logical_not(), -INFINITY);
  return at::logsumexp(energy_NN.view({-1}), {0}) - std::log(static_cast<double>(N) * static_cast<double>(N - 1) / 2);
}

}  // namespace

Tensor loss(const Tensor& x_ND, const Tensor& y_ND, double t, double weight) {
  const Tensor u_ND = unit_rows(x_ND), v_ND = unit_rows(y_ND);
  const Tensor align = (u_ND - v_ND).square().sum({1}).mean();
  return align + weight * (uniformity(u_ND, t) + uniformity(v_ND, t)) / 2;
}

namespace {

class AlignUniform final : public Method {
 public:
  explicit AlignUniform(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        t_(request.settings.real("t")),
        weight_(request.settings.real("weight")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("align_uniform", batch);
    const Tensor x_ND = projector_(backbone().features(batch.views[0]));
    const Tensor y_ND = projector_(backbone().features(batch.views[1]));
    const FullPrecision full;
    const Tensor all_x_ND = whole_batch(promoted(x_ND)), all_y_ND = whole_batch(promoted(y_ND));
    return {align_uniform::loss(all_x_ND, all_y_ND, t_, weight_), {}, all_x_ND};
  }

 private:
  MlpHead projector_;
  double t_, weight_;
};

const bool registered = Registry<MethodEntry>::add(
    {.name = "align_uniform",
     .summary = "contrastive: views of an image align, all images spread uniformly over the sphere",
     .paper = "arXiv:2005.10242, section 4.1",
     .options = joined({{real_option("t", 2, 1e-3, 100, "sharpness of the uniformity"),
                         real_option("weight", 1, 0, 1e3, "weight of the uniformity")},
                        head_options("", {.widths = {0, 512, 128}})}),
     .pitfalls = {"Without the uniformity (weight = 0) all images collapse into one point, at a loss of 0."},
     .presets = {{"cifar", {{"pretrain", sgd_recipe(0.12, "linear_256", 1e-4)}}}},
     .tiny = {{"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<AlignUniform>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::align_uniform
