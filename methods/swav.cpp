// SPDX-License-Identifier: Apache-2.0
// SwAV: one crop's assignment to prototypes is predicted from the others; all prototypes are used equally.
// Caron, Misra, Mairal, Goyal, Bojanowski, Joulin: "Unsupervised Learning of Visual Features by Contrasting Cluster
// Assignments", NeurIPS 2020, arXiv:2006.09882.
//   L(z_t, z_s) = l(z_t, q_s) + l(z_s, q_t)                                              (Eq. 1)
//   l(z_t, q_s) = -sum_k q_s^(k) log p_t^(k),  p_t = softmax(z_t^T C / tau)              (Eq. 2)
//   max_Q Tr(Q^T C^T Z) + epsilon H(Q) over equipartitions, by Sinkhorn-Knopp            (Eq. 3-5)
// Multi-crop (sec. 3.2): only crops of full size are assigned, all predict.
// Shapes: V crops, G assigned, B images, K prototypes, D features, Q rows of the queue.
#include "methods/swav.h"
#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/prototypes.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/queue.h"
#include "methods/parts/self_distillation.h"
#include "methods/parts/sinkhorn.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::swav {

SwappedLoss swapped_prediction(const Tensor& scores_VBK, const Tensor& queue_scores_GQK, const Assigning& assigning) {
  const int64_t G = assigning.views;
  std::vector<Tensor> assignments;
  // Prototypes are to be used equally by the whole batch.
  const Tensor whole_GNK = whole_batch(scores_VBK.narrow(0, 0, G).detach(), 1);
  for (int64_t i = 0; i < G; ++i) {
    Tensor scores_MK = whole_GNK[i];
    if (queue_scores_GQK.defined()) scores_MK = at::cat({queue_scores_GQK[i].detach(), scores_MK});
    const Tensor all_MK = sinkhorn_knopp(scores_MK / assigning.epsilon, assigning.iterations);
    const int64_t N = whole_GNK.size(1);
    assignments.push_back(own_rows(all_MK.narrow(0, all_MK.size(0) - N, N)));
  }
  const Tensor q_GBK = at::stack(assignments);
  return {cross_entropy_of_pairs(scores_VBK, q_GBK, assigning.temperature), q_GBK};
}

namespace {

class SwAV final : public Method {
 public:
  explicit SwAV(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        prototypes_(request.settings.integer("prototypes"), request.settings.integer("projection"), request.generator),
        assigning_{request.input.views, request.settings.real("temperature"), request.settings.real("epsilon"),
                   request.settings.integer("sinkhorn_iterations")},
        queue_rows_(request.settings.integer("queue")),
        queue_from_epoch_(request.settings.integer("queue_from_epoch")),
        frozen_epochs_(request.settings.real("freeze_prototypes_epochs")),
        one_pass_(request.settings.flag("one_pass")) {
    if (request.input.views + request.input.local_views < 2) {
      throw UserError("swav: needs at least two crops of an image; set views.count = 2");
    }
    add_child("projector", projector_);
    add_child("prototypes", prototypes_);
    for (int64_t i = 0; i < (queue_rows_ > 0 ? assigning_.views : 0); ++i) {
      queues_.push_back(std::make_unique<FeatureQueue>(queue_rows_, request.settings.integer("projection"),
                                                       QueueOverflow::wrap, request.generator));
      add_child("queue" + std::to_string(i), *queues_.back());
    }
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    require_images("swav", batch);
    const int64_t B = batch.views[0].size(0), V = std::ssize(batch.views);
    check_queue(whole_batch_size(B));
    prototypes_.normalize();
    const Tensor projected = embed(batch.views);
    const FullPrecision full;
    const Tensor z_MD = unit_rows(promoted(projected));
    const Tensor scores_VBK = prototypes_(z_MD).view({V, B, -1});
    const SwappedLoss out = swapped_prediction(scores_VBK, queue_scores(progress), assigning_);
    remember(z_MD.detach(), B, progress);
    return {out.loss, {}, z_MD.narrow(0, 0, B)};
  }

  void after_backward(const Progress& progress) override {
    if (rests(progress)) prototypes_.hold();
  }
  std::vector<double> host_values(const Progress& progress) const override {
    return {rests(progress) ? 1.0 : 0.0, queueing(progress) ? 1.0 : 0.0, reads_queue(progress) ? 1.0 : 0.0};
  }

 private:
  // As the authors, the projector sees all crops at once when views go together.
  Tensor embed(const std::vector<Tensor>& views) {
    const auto features = [&](const Tensor& x_NCHW) { return backbone().features(x_NCHW); };
    if (one_pass_) return projector_(through_views(views, true, features));
    return through_views(views, false, [&](const Tensor& x_NCHW) { return projector_(features(x_NCHW)); });
  }

  void check_queue(int64_t B) const {
    if (queue_rows_ == 0 || B <= queue_rows_) return;
    throw UserError("swav: a batch of " + std::to_string(B) + " images does not fit the queue of " +
                    std::to_string(queue_rows_) + "; raise the method's `queue` (0 = none) or lower batch_size");
  }

  // Whether the prototypes do.
  bool rests(const Progress& progress) const {
    return static_cast<double>(progress.step) < frozen_epochs_ * static_cast<double>(progress.steps_per_epoch);
  }

  bool queueing(const Progress& progress) const { return queue_rows_ > 0 && progress.epoch() >= queue_from_epoch_; }

  // Not until real features fill the whole queue: random rows would be assigned to prototypes as well.
  bool reads_queue(const Progress& progress) const { return queueing(progress) && queues_[0]->filled() >= queue_rows_; }

  Tensor queue_scores(const Progress& progress) const {
    if (!reads_queue(progress)) return {};
    const at::NoGradGuard no_grad;
    std::vector<Tensor> scores;
    for (const auto& queue : queues_) scores.push_back(prototypes_(queue->rows_KD()));
    return at::stack(scores);
  }

  void remember(const Tensor& z_MD, int64_t B, const Progress& progress) {
    if (!queueing(progress)) return;
    const Tensor z_GND = whole_batch(z_MD.narrow(0, 0, assigning_.views * B).unflatten(0, {-1, B}), 1);
    for (int64_t i = 0; i < assigning_.views; ++i) queues_[static_cast<size_t>(i)]->push(z_GND[i]);
  }

  MlpHead projector_;
  Prototypes prototypes_;
  Assigning assigning_;
  int64_t queue_rows_, queue_from_epoch_;
  double frozen_epochs_;
  bool one_pass_;
  std::vector<std::unique_ptr<FeatureQueue>> queues_;
};

// cifar: solo-learn scripts/pretrain/cifar/swav.yaml. imagenet: facebookresearch/swav
// scripts/swav_200ep_bs256_pretrain.sh.
const nlohmann::json kPresets = {
    {"cifar",
     {{"queue", 3840},
      {"queue_from_epoch", 50},
      {"freeze_prototypes_epochs", 2},
      {"pretrain",
       {{"optimizer", "lars"},
        {"learning_rate", 0.6},
        {"learning_rate_scaling", "linear_256"},
        {"lars_trust", 0.02},
        {"lars_clip", true},
        {"weight_decay", 1e-6},
        {"decay_norms_and_biases", false},
        {"warmup_epochs", 10}}},
      {"views", {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}}}}},
    {"imagenet",
     {{"queue", 3840},
      {"queue_from_epoch", 15},
      {"pretrain",
       {{"optimizer", "lars"},
        {"learning_rate", 0.6},
        {"learning_rate_scaling", "linear_256"},
        {"final_learning_rate", 6e-4},
        {"weight_decay", 1e-6},
        {"lars_adapts_norms_and_biases", true}}},
      {"views", swav_multi_crop()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "swav",
     .summary = "clustering: each crop predicts the others' balanced assignment to prototypes (multi-crop)",
     .paper = "arXiv:2006.09882, Eq. 1-5",
     .options = joined(
         {{integer_option("prototypes", 3000, 2, 1 << 20, "K"),
           real_option("temperature", 0.1, 1e-3, 100, "tau of Eq. 2"),
           real_option("epsilon", 0.05, 1e-4, 100, "of Eq. 3: smoothness of the assignment"),
           integer_option("sinkhorn_iterations", 3, 0, 1000, "of Eq. 5"),
           integer_option("queue", 0, 0, 1 << 24,
                          "earlier features per assigned crop that share the equipartition; for batches well below "
                          "the number of prototypes; 0 = none"),
           integer_option("queue_from_epoch", 15, 0, 1e6, "epoch from which the queue fills; used once it is full"),
           real_option("freeze_prototypes_epochs", 1, 0, 1e6, "how long the prototypes stay as initialised"),
           one_pass_option(true)},
          head_options("", {.widths = {0, 2048, 128}})}),
     .pitfalls = {"A loss that stays at ln(prototypes) learns nothing: fewer prototypes, a longer freeze or a smaller "
                  "epsilon help.",
                  "A queue used before it is full, or from the first epochs on, makes the loss climb.",
                  "Batches well below the number of prototypes need the queue: an equipartition of few rows says "
                  "little."},
     .presets = kPresets,
     .tiny = {{"prototypes", 16},
              {"queue", 64},
              {"queue_from_epoch", 0},
              {"freeze_prototypes_epochs", 1},
              {"hidden", 64},
              {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<SwAV>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return {std::log(static_cast<double>(settings.integer("prototypes")))};
     }});

}  // namespace
}  // namespace sslbench::swav
