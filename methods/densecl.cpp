// SPDX-License-Identifier: Apache-2.0
// DenseCL: MoCo on whole images and, cell by cell, on the cells that look alike in both views.
// Wang, Zhang, Shen, Kong, Li: "Dense Contrastive Learning for Self-Supervised Visual Pre-Training", CVPR 2021,
// arXiv:2011.09157.
//   L_q = -log exp(q k+ / tau) / (exp(q k+ / tau) + sum_{k-} exp(q k- / tau))                       (Eq. 1)
//   L_r = 1/S^2 sum_s -log exp(r_s t_s+ / tau) / (exp(r_s t_s+ / tau) + sum_{t-} exp(r_s t- / tau))    (Eq. 2)
//   L = (1 - lambda) L_q + lambda L_r                                                               (Eq. 3)
//   c_i = argmax_j sim(f_i, f'_j), f the backbone's features                                        (Eq. 4)
// Shapes: N images, C projection, E backbone channels, S cells of the grid, K rows of a queue.
#include "methods/densecl.h"
#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/info_nce.h"
#include "methods/parts/momentum.h"
#include "methods/parts/queue.h"
#include "methods/patches/grid.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::densecl {
namespace {

// [N, C, S] -> [N, S, C] with rows of unit length.
Tensor unit_cells(const Tensor& grid_NCS) { return unit_rows(grid_NCS.transpose(1, 2)); }

}  // namespace

Tensor match_cells(const Tensor& q_backbone_NES, const Tensor& k_backbone_NES) {
  const at::NoGradGuard no_grad;
  return at::bmm(unit_cells(q_backbone_NES), unit_cells(k_backbone_NES).transpose(1, 2)).argmax(2);
}

DenseContrast contrast(const View& q, const View& k, const Tensor& queue_KC, const Tensor& dense_queue_KC, double tau,
                       double lambda) {
  const int64_t N = q.grid_NCS.size(0), C = q.grid_NCS.size(1), S = q.grid_NCS.size(2);
  DenseContrast out;
  out.match_NS = match_cells(q.backbone_NES, k.backbone_NES);
  const Tensor keys_NSC = unit_cells(k.grid_NCS.detach()).gather(1, out.match_NS.unsqueeze(2).expand({N, S, C}));
  out.global =
      (1 - lambda) * info_nce_over_queue(unit_rows(q.global_NC), unit_rows(k.global_NC.detach()), queue_KC, tau);
  out.dense = lambda * info_nce_over_queue(unit_cells(q.grid_NCS).reshape({N * S, C}), keys_NSC.reshape({N * S, C}),
                                           dense_queue_KC, tau);
  out.total = out.global + out.dense;
  return out;
}

namespace {

class DenseCL final : public Method {
 public:
  explicit DenseCL(MethodRequest request)
      : Method(std::move(request.backbone)),
        teacher_(request.twin()),
        shape_(head_shape(request.settings, "", backbone().levels().back().channels)),
        head_(shape_, request.generator),
        dense_head_(shape_, request.generator),
        teacher_head_(shape_, request.generator),
        teacher_dense_head_(shape_, request.generator),
        queue_(request.settings.integer("queue"), shape_.widths.back(), queue_overflow(request.settings),
               request.generator),
        dense_queue_(request.settings.integer("queue"), shape_.widths.back(), queue_overflow(request.settings),
                     request.generator),
        pairs_(momentum_buffers(request.settings)),
        momentum_(request.settings),
        tau_(request.settings.real("temperature")),
        lambda_(request.settings.real("loss_lambda")) {
    pairs_.follow(backbone(), *teacher_);
    pairs_.follow(head_, teacher_head_);
    pairs_.follow(dense_head_, teacher_dense_head_);
    add_child("projector", head_);
    add_child("dense_projector", dense_head_);
    add_child("momentum_backbone", *teacher_);
    add_child("momentum_projector", teacher_head_);
    add_child("momentum_dense_projector", teacher_dense_head_);
    add_child("queue", queue_);
    add_child("dense_queue", dense_queue_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("densecl", batch);
    const View q = view_of(backbone(), head_, dense_head_, batch.views[0]);
    View k;
    {
      const at::NoGradGuard no_grad;
      k = view_of(*teacher_, teacher_head_, teacher_dense_head_, batch.views[1]);
    }
    const FullPrecision full;
    const DenseContrast out = contrast(q, k, queue_.rows_KD(), dense_queue_.rows_KD(), tau_, lambda_);
    queue_.hold(whole_batch(unit_rows(k.global_NC)));
    dense_queue_.hold(whole_batch(unit_rows(k.grid_NCS.mean(2))));
    return {out.total, {{"loss_global", out.global}, {"loss_dense", out.dense}}, q.global_NC};
  }

  void after_backward(const Progress&) override {
    queue_.store();
    dense_queue_.store();
  }
  void after_step(const Progress& progress) override { pairs_.update(momentum_.at(progress)); }

 private:
  static View view_of(const Backbone& network, const MlpHead& head, const MlpHead& dense_head, const Tensor& x_NCHW) {
    const Tensor map_NEHW = network.feature_maps(x_NCHW).back();
    return {promoted(head(pooled(map_NEHW))), promoted(on_cells(dense_head, map_NEHW).flatten(2)),
            promoted(map_NEHW.flatten(2))};
  }

  std::unique_ptr<Backbone> teacher_;
  HeadShape shape_;
  MlpHead head_, dense_head_, teacher_head_, teacher_dense_head_;
  FeatureQueue queue_, dense_queue_;
  MomentumPairs pairs_;
  MomentumSchedule momentum_;
  double tau_, lambda_;
};

// cifar: no published recipe; optimizer, queue and momentum of lightly's CIFAR-10 MoCo. imagenet: WXinlong/DenseCL
// configs/selfsup/densecl/densecl_imagenet_200ep.py, with MoCo v2's views.
const nlohmann::json kPresets = {{"cifar",
                                  {{"queue", 4096},
                                   {"momentum", 0.99},
                                   {"hidden", 512},
                                   {"pretrain",
                                    {{"optimizer", "sgd"},
                                     {"learning_rate", 0.06},
                                     {"learning_rate_scaling", "linear_128"},
                                     {"weight_decay", 5e-4},
                                     {"momentum", 0.9}}}}},
                                 {"imagenet",
                                  {{"pretrain",
                                    {{"optimizer", "sgd"},
                                     {"learning_rate", 0.3},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"weight_decay", 1e-4},
                                     {"momentum", 0.9}}},
                                   {"views", {{"area_low", 0.2}, {"blur", 0.5}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "densecl",
     .summary = "contrastive: MoCo on images and on the cells of their feature maps that look alike",
     .paper = "arXiv:2011.09157, Eq. 1-4",
     .options = joined({{real_option("temperature", 0.2, 1e-3, 100, "tau of Eq. 1 and 2"),
                         real_option("loss_lambda", 0.5, 0, 1, "lambda of Eq. 3: weight of the dense term")},
                        head_options("", {.widths = {0, 2048, 128}, .hidden_norm = HeadNorm::none}),
                        queue_options(65536),
                        momentum_options(0.999, 0.999, "constant")}),
     .pitfalls =
         {"Cells are matched by the backbone's features, not by the projections; early in training most matches "
          "are wrong, which loss_lambda above 0.5 does not survive.",
          "One device has no shuffled batch norm: keys and queries of one batch share statistics in their own "
          "network only.",
          "A map of one cell (a 7x7 stem at 32 px) makes the dense term a second global one; use stem = "
          "\"cifar\".",
          "The global branch reads the mean of the last map; on a Vision Transformer set pooling = \"mean\"."},
     .presets = kPresets,
     .tiny = {{"queue", 64},
              {"hidden", 64},
              {"projection", 32},
              {"hidden_norm", "affine"},
              {"last_norm", "affine"},
              {"momentum", 0.5},
              {"temperature", 1.0}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<DenseCL>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return {std::log(1 + static_cast<double>(settings.integer("queue")))};
     }});

}  // namespace
}  // namespace sslbench::densecl
