// SPDX-License-Identifier: Apache-2.0
// SimCLR: two views of one image agree with each other and with nothing else in the batch.
// Chen, Kornblith, Norouzi, Hinton: "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020,
// arXiv:2002.05709.
//   l(i,j) = -log  exp(sim(z_i, z_j) / tau) / sum_{k != i} exp(sim(z_i, z_k) / tau)      (Eq. 1: NT-Xent)
// Shapes: N images, D projection width, M = 2N views.
#include "methods/simclr.h"

#include <cmath>
#include <limits>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::simclr {

Tensor nt_xent_of_rows(const Tensor& z1_ND, const Tensor& z2_ND, double tau, int64_t first, int64_t count) {
  const int64_t N = z1_ND.size(0);
  const Tensor z_MD = unit_rows(at::cat({z1_ND, z2_ND}));
  const Tensor own_n = at::arange(first, first + count, z_MD.options().dtype(at::kLong));
  const Tensor anchor_A = at::cat({own_n, own_n + N}), positive_A = at::cat({own_n + N, own_n});
  const Tensor anchors_AD = count == N ? z_MD : z_MD.index_select(0, anchor_A);
  const Tensor sim_AM =
      (at::mm(anchors_AD, z_MD.t()) / tau).scatter(1, anchor_A.unsqueeze(1), -std::numeric_limits<float>::infinity());
  return at::cross_entropy_loss(sim_AM, positive_A);
}

Tensor nt_xent(const Tensor& z1_ND, const Tensor& z2_ND, double tau) {
  return nt_xent_of_rows(z1_ND, z2_ND, tau, 0, z1_ND.size(0));
}

namespace {

class SimCLR final : public Method {
 public:
  explicit SimCLR(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        tau_(request.settings.real("temperature")),
        factor_(request.settings.text("direction_reduction") == "sum" ? 2 : 1),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("simclr", batch);
    const Tensor z_MD = through_views(batch.views, one_pass_,
                                      [&](const Tensor& x_NCHW) { return projector_(backbone().features(x_NCHW)); });
    const FullPrecision full;
    const Tensor whole_MD = whole_batch_of_views(promoted(z_MD), 2);
    const int64_t N = whole_MD.size(0) / 2;
    const Tensor z1_ND = whole_MD.narrow(0, 0, N), z2_ND = whole_MD.narrow(0, N, N);
    return {factor_ * nt_xent(z1_ND, z2_ND, tau_), {}, z1_ND};
  }

 private:
  MlpHead projector_;
  double tau_, factor_;
  bool one_pass_;
};

const nlohmann::json kPresets = {
    {"cifar",
     {{"temperature", 0.5},
      {"pretrain", {{"optimizer", "sgd"}, {"learning_rate", 0.06}, {"weight_decay", 5e-4}, {"momentum", 0.9}}}}},
    {"imagenet",
     {{"temperature", 0.1},
      {"pretrain", {{"optimizer", "sgd"}, {"learning_rate", 0.3}, {"weight_decay", 1e-6}, {"momentum", 0.9}}},
      {"views", {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "simclr",
     .summary = "contrastive: two views of an image against all other images of the batch (NT-Xent)",
     .paper = "arXiv:2002.05709, Eq. 1",
     .options = joined({{real_option("temperature", 0.5, 1e-3, 100, "tau of Eq. 1"),
                         choice_option("direction_reduction", "mean", {"mean", "sum"},
                                       "over all 2N anchors (paper, lightly, solo-learn), or the means of both "
                                       "directions added (google-research/simclr): twice the former"),
                         one_pass_option(true)},
                        head_options("", {.widths = {0, 512, 128}, .last_norm = HeadNorm::affine})}),
     .pitfalls =
         {"Small batches cost accuracy, since negatives come from the batch alone; dcl and moco_v2 need fewer images.",
          "The temperature that is best depends on data and budget: 0.5 (lightly, CIFAR), 0.2 (solo-learn), 0.1 "
          "(ImageNet).",
          "A loss that stays at ln(2N - 1) separates nothing yet: ln 511 = 6.24 at 256 images.",
          "direction_reduction = \"sum\" doubles the loss and with SGD the step; halve the learning rate to compare."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<SimCLR>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       const double directions = settings.text("direction_reduction") == "sum" ? 2 : 1;
       return {directions * std::log(2 * static_cast<double>(input.batch_size) - 1)};
     }});

}  // namespace
}  // namespace sslbench::simclr
