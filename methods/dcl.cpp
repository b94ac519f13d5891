// SPDX-License-Identifier: Apache-2.0
// DCL and DCLW: SimCLR's loss without the positive in the denominator, so that easy positives do not mute negatives.
// Yeh, Hong, Hsu, Liu, Chen, LeCun: "Decoupled Contrastive Learning", ECCV 2022, arXiv:2110.06848.
//   L_DC  = -<z1_i, z2_i> / tau + log sum_{k in {1,2}, j != i} exp(<z1_i, zk_j> / tau)      (Eq. 6)
//   L_DCW = the same with its first term times w_i,
//   w_i   = 2 - exp(<z1_i, z2_i> / sigma) / E_i[exp(<z1_i, z2_i> / sigma)]                   (section 3.2)
// Shapes: N images, D projection width, M = 2N views.
#include "methods/dcl.h"

#include <cmath>
#include <limits>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::dcl {
namespace {

// Mean of Eq. 6 over the N anchors of z1, rows of unit length; positives weighted by weight_N where defined. One
// logarithm over all 2(N - 1) negatives.
Tensor one_way(const Tensor& z1_ND, const Tensor& z2_ND, const Tensor& weight_N, double tau) {
  const Tensor self_NN = at::eye(z1_ND.size(0), z1_ND.options().dtype(at::kBool).requires_grad(false));
  const auto others = [&](const Tensor& sim_NN) {
    return sim_NN.masked_fill(self_NN, -std::numeric_limits<double>::infinity());
  };
  const Tensor within_NN = at::mm(z1_ND, z1_ND.t()) / tau, across_NN = at::mm(z1_ND, z2_ND.t()) / tau;
  const Tensor negatives_N = at::logsumexp(at::cat({others(within_NN), others(across_NN)}, 1), at::IntArrayRef{1});
  const Tensor positive_N = across_NN.diagonal();
  return (negatives_N - (weight_N.defined() ? weight_N * positive_N : positive_N)).mean();
}

Tensor both_ways(const Tensor& z1_ND, const Tensor& z2_ND, const Tensor& weight_N, double tau) {
  return (one_way(z1_ND, z2_ND, weight_N, tau) + one_way(z2_ND, z1_ND, weight_N, tau)) / 2;
}

}  // namespace

Tensor dcl(const Tensor& z1_ND, const Tensor& z2_ND, double tau) {
  return both_ways(unit_rows(z1_ND), unit_rows(z2_ND), {}, tau);
}

Tensor dclw(const Tensor& z1_ND, const Tensor& z2_ND, double tau, double sigma, bool detach_weights) {
  const Tensor u1_ND = unit_rows(z1_ND), u2_ND = unit_rows(z2_ND);
  const Tensor cos_N = (u1_ND * u2_ND).sum({1});
  const Tensor weight_N = 2 - z1_ND.size(0) * at::softmax(cos_N / sigma, 0);
  return both_ways(u1_ND, u2_ND, detach_weights ? weight_N.detach() : weight_N, tau);
}

namespace {

class Dcl final : public Method {
 public:
  Dcl(MethodRequest request, bool weighted)
      : Method(std::move(request.backbone)),
        weighted_(weighted),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        tau_(request.settings.real("temperature")),
        sigma_(weighted ? request.settings.real("sigma") : 0),
        detach_weights_(weighted && request.settings.flag("detach_weights")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair(weighted_ ? "dclw" : "dcl", batch);
    const Tensor z_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    const FullPrecision full;
    const auto z = whole_batch_of_views(promoted(z_MD), 2).chunk(2);
    const Tensor &z1_ND = z[0], &z2_ND = z[1];
    return {weighted_ ? dclw(z1_ND, z2_ND, tau_, sigma_, detach_weights_) : dcl(z1_ND, z2_ND, tau_), {}, z1_ND};
  }

 private:
  bool weighted_;
  MlpHead projector_;
  double tau_, sigma_;
  bool detach_weights_, one_pass_;
};

// cifar: lightly's cifar10_benchmark.py. imagenet: lightly benchmarks/imagenet/resnet50/dcl.py, dclw.py, with SimCLR's
// views.
nlohmann::json presets() {
  nlohmann::json lars = lars_recipe(0.075, 1e-6);
  lars["learning_rate_scaling"] = "sqrt";
  lars["lars_variant"] = "lightly";
  return {{"cifar", {{"projection", 128}, {"hidden", 512}, {"pretrain", sgd_recipe(0.06, "linear_128", 5e-4)}}},
          {"imagenet",
           {{"pretrain", lars},
            {"views", {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}}}}}};
}

std::vector<Option> options() {
  return joined({{real_option("temperature", 0.1, 1e-3, 100, "tau of Eq. 6"), one_pass_option(true)},
                 head_options("", {.widths = {0, 2048, 128}, .last_norm = HeadNorm::affine})});
}

MethodEntry entry(bool weighted) {
  MethodEntry out;
  out.name = weighted ? "dclw" : "dcl";
  out.summary = weighted ? "contrastive: DCL with hard positives weighted up (von Mises-Fisher)"
                         : "contrastive: SimCLR without the positive in the denominator";
  out.paper = weighted ? "arXiv:2110.06848, section 3.2" : "arXiv:2110.06848, Eq. 6";
  out.options = options();
  if (weighted) {
    out.options = joined({out.options,
                          {real_option("sigma", 0.5, 1e-3, 100, "width of the weights"),
                           flag_option("detach_weights", true, "no gradient through the weights (lightly)")}});
  }
  out.pitfalls = {
      "The loss has no lower bound of 0: compare its course, not its sign.",
      "Older code sums one logarithm a view instead of one over all negatives (lightly until #1827, June 2025)."};
  out.presets = presets();
  out.tiny = {{"hidden", 64}, {"projection", 32}};
  out.make = [weighted](MethodRequest request) -> std::unique_ptr<Method> {
    return std::make_unique<Dcl>(std::move(request), weighted);
  };
  out.chance_loss = [](const Settings&, const MethodInput& input) -> ChanceLoss {
    return {std::log(2 * static_cast<double>(input.batch_size) - 2)};
  };
  return out;
}

const bool registered = Registry<MethodEntry>::add(entry(false)) && Registry<MethodEntry>::add(entry(true));

}  // namespace
}  // namespace sslbench::dcl
