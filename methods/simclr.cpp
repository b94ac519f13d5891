// SPDX-License-Identifier: Apache-2.0
// SimCLR: two views of one image agree with each other and with nothing else in the batch.
// Chen, Kornblith, Norouzi, Hinton: "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020,
// arXiv:2002.05709.
//   l(i,j) = -log  exp(sim(z_i, z_j) / tau) / sum_{k != i} exp(sim(z_i, z_k) / tau)      (Eq. 1: NT-Xent)
// Shapes: N images, D projection width, M = 2N views.
#include <limits>

#include "datasets/batches/aten.h"
#include "methods/method.h"
#include "methods/parts/autocast.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/normalize.h"

namespace sslbench::simclr {

// Mean of Eq. 1 over all M ordered positive pairs; sim is cosine similarity.
Tensor nt_xent(const Tensor& z1_ND, const Tensor& z2_ND, double tau) {
  const int64_t N = z1_ND.size(0);
  const Tensor z_MD = unit_rows(at::cat({z1_ND, z2_ND}));
  const Tensor self_MM = at::eye(2 * N, z_MD.options().dtype(at::kBool));
  const Tensor sim_MM = (at::mm(z_MD, z_MD.t()) / tau).masked_fill(self_MM, -std::numeric_limits<float>::infinity());
  const Tensor positive_M = at::arange(2 * N, self_MM.options().dtype(at::kLong)).roll(N);
  return at::cross_entropy_loss(sim_MM, positive_M);
}

namespace {

class SimCLR final : public Method {
 public:
  explicit SimCLR(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_({backbone().width(), request.settings.integer("hidden"), request.settings.integer("projection")},
                   request.settings.flag("last_norm"), request.generator),
        tau_(request.settings.real("temperature")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch) override {
    const int64_t N = batch.views[0].size(0);
    if (N < 2)
      throw UserError(
          "simclr: a batch needs at least 2 images for negatives; raise pretrain.batch_size, or set pretrain.drop_last "
          "= true");
    Tensor z1_ND, z2_ND;
    if (one_pass_) {
      const Tensor z_MD = projector_(backbone().features(at::cat(batch.views)));
      z1_ND = z_MD.narrow(0, 0, N), z2_ND = z_MD.narrow(0, N, N);
    } else {
      z1_ND = projector_(backbone().features(batch.views[0]));
      z2_ND = projector_(backbone().features(batch.views[1]));
    }
    const FullPrecision full;
    z1_ND = z1_ND.to(at::kFloat), z2_ND = z2_ND.to(at::kFloat);
    return {nt_xent(z1_ND, z2_ND, tau_), {}, z1_ND};
  }

 private:
  MlpHead projector_;
  double tau_;
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
     .options = {real_option("temperature", 0.5, 1e-3, 100, "tau of Eq. 1"),
                 integer_option("hidden", 512, 1, 65536, "width of the projector's hidden layer"),
                 integer_option("projection", 128, 1, 65536, "width D of the projection"),
                 flag_option("last_norm", false, "batch norm after the projector's last layer"),
                 flag_option("one_pass", true,
                             "both views in one forward pass, as the authors do (false: one pass each, as lightly)")},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<SimCLR>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::simclr
