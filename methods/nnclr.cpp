// SPDX-License-Identifier: Apache-2.0
// NNCLR: the positive is not the other view but its nearest neighbour in a queue of earlier projections.
// Dwibedi, Aytar, Tompson, Sermanet, Zisserman: "With a Little Help from My Friends: Nearest-Neighbor Contrastive
// Learning of Visual Representations", ICCV 2021, arXiv:2104.14548.
//   L_i = -log  exp(NN(z_i, Q).p_i+ / tau) / sum_k exp(NN(z_i, Q).p_k+ / tau)      (Eq. 2, 3; p: predictor(z))
//   NN(z, Q) = argmin_{q in Q} |z - q|_2                                           (Eq. 4)
// Shapes: N images, D projection width, K rows of the queue.
#include "methods/nnclr.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/info_nce.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/predictions.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/queue.h"
#include "methods/simclr.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::nnclr {

std::pair<Tensor, Tensor> nn_lookup(const Tensor& z_ND, const Tensor& queue_KD) {
  const at::NoGradGuard no_grad;
  const Tensor index_N = at::mm(unit_rows(z_ND), unit_rows(queue_KD).t()).argmax(1);
  return {index_N, queue_KD.index_select(0, index_N)};
}

Tensor nnclr_loss(const Tensor& nn1_ND, const Tensor& nn2_ND, const Tensor& p1_ND, const Tensor& p2_ND, double tau,
                  Negatives negatives) {
  const auto one_way = [&](const Tensor& nn_ND, const Tensor& p_ND) {
    return negatives == Negatives::cross ? matching_cross_entropy(nn_ND.detach(), p_ND, tau)
                                         : simclr::nt_xent(nn_ND.detach(), p_ND, tau);
  };
  return (one_way(nn1_ND, p2_ND) + one_way(nn2_ND, p1_ND)) / 2;
}

namespace {

class Nnclr final : public Method {
 public:
  explicit Nnclr(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        predictor_(head_shape(request.settings, "predictor_", request.settings.integer("projection"),
                              request.settings.integer("projection")),
                   request.generator),
        queue_(queue_rows(request.settings, request.input.batch_size), request.settings.integer("projection"),
               queue_overflow(request.settings), request.generator),
        tau_(request.settings.real("temperature")),
        negatives_(request.settings.text("negatives") == "cross" ? Negatives::cross : Negatives::nt_xent),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    add_child("predictor", predictor_);
    add_child("queue", queue_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("nnclr", batch);
    const Predictions online = predictions_of(batch.views, one_pass_, backbone(), projector_, predictor_);
    const FullPrecision full;
    const Tensor nn1_ND = nn_lookup(online.z[0], queue_.rows_KD()).second;
    const Tensor nn2_ND = nn_lookup(online.z[1], queue_.rows_KD()).second;
    const Tensor p1_ND = whole_batch(online.p[0]), p2_ND = whole_batch(online.p[1]);
    const Tensor total = nnclr_loss(whole_batch(nn1_ND), whole_batch(nn2_ND), p1_ND, p2_ND, tau_, negatives_);
    queue_.push(whole_batch(unit_rows(online.z[0].detach())));  // of one view only: both would be near-duplicates
    return {total, {}, online.z[0]};
  }

 private:
  MlpHead projector_, predictor_;
  FeatureQueue queue_;
  double tau_;
  Negatives negatives_;
  bool one_pass_;
};

// cifar: solo-learn scripts/pretrain/cifar/nnclr.yaml. imagenet: section 4.1 of the paper.
const nlohmann::json kPresets = {
    {"cifar",
     {{"temperature", 0.2}, {"queue", 65536}, {"pretrain", solo_learn_lars(0.4, 1e-5)}, {"views", solo_learn_pair()}}},
    {"imagenet", {{"pretrain", lars_recipe(0.3, 1e-6)}, {"views", byol_pair()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "nnclr",
     .summary = "contrastive: the positive is a view's nearest neighbour in a queue of earlier projections",
     .paper = "arXiv:2104.14548, Eq. 2-4",
     .options = joined({{real_option("temperature", 0.1, 1e-3, 100, "tau of Eq. 2"),
                         choice_option("negatives", "cross", {"cross", "nt_xent"},
                                       "neighbour against all predictions (paper, solo-learn), or NT-Xent of both with "
                                       "neighbours and predictions also among themselves (lightly)"),
                         one_pass_option(false)},
                        queue_options(98304),
                        head_options("", {.widths = {0, 2048, 2048, 256}, .last_norm = HeadNorm::affine}),
                        head_options("predictor_", {.widths = {0, 4096, 256}})}),
     .pitfalls = {"The queue starts with random directions: until real projections have replaced them, positives are "
                  "random too, and the first epochs look stuck.",
                  "A queue shorter than a few batches returns neighbours that are hardly near."},
     .presets = kPresets,
     .tiny = {{"queue", 64}, {"hidden", 64}, {"projection", 32}, {"predictor_hidden", 64}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Nnclr>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       const auto N = static_cast<double>(input.batch_size);
       return {std::log(settings.text("negatives") == "cross" ? N : 2 * N - 1)};
     }});

}  // namespace
}  // namespace sslbench::nnclr
