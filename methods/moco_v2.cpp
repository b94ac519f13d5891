// SPDX-License-Identifier: Apache-2.0
// MoCo v2: a query finds the key of its image, made by a momentum encoder, among a queue of keys of earlier batches.
// He, Fan, Wu, Xie, Girshick: "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020,
// arXiv:1911.05722; Chen, Fan, Girshick, He: "Improved Baselines with Momentum Contrastive Learning",
// arXiv:2003.04297; code: facebookresearch/moco moco/builder.py.
//   L_q = -log  exp(q.k+ / tau) / sum_{i=0..K} exp(q.k_i / tau)      (Eq. 1: one positive, K negatives)
//   theta_k <- m theta_k + (1 - m) theta_q                          (Eq. 2)
// Shapes: N images, D projection width, K rows of the queue.
#include "methods/moco_v2.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/info_nce.h"
#include "methods/parts/momentum_branch.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/queue.h"
#include "methods/patches/permutation.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/to_device.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::moco_v2 {

Tensor info_nce_queue(const Tensor& q_ND, const Tensor& k_ND, const Tensor& queue_KD, double tau) {
  return info_nce_over_queue(unit_rows(q_ND), unit_rows(k_ND.detach()), queue_KD, tau);
}

namespace {

class MocoV2 final : public Method {
 public:
  explicit MocoV2(MethodRequest request)
      : Method(std::move(request.backbone)),
        seed_(request.seed),
        tau_(request.settings.real("temperature")),
        symmetric_(request.settings.flag("symmetric")),
        factor_(request.settings.text("direction_reduction") == "sum" ? 1 : 0.5),
        parts_(request.settings.integer("bn_splits")),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        momentum_(request, backbone(), projector_) {
    add_child("projector", projector_);
    add_child("", momentum_);
    for (int64_t i = 0; i < (symmetric_ ? 2 : 1); ++i) {
      queues_.push_back(std::make_unique<FeatureQueue>(queue_rows(request.settings, request.input.batch_size),
                                                       request.settings.integer("projection"),
                                                       queue_overflow(request.settings), request.generator));
      add_child(i == 0 ? "queue" : "queue2", *queues_.back());
    }
    split_batch_norm(*this, parts_);
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    require_pair("moco_v2", batch);
    if (const int64_t N = whole_batch_size(batch.views[0].size(0)); N < 2 * parts_) {
      throw UserError("moco_v2: a batch of " + std::to_string(N) + " images does not give " + std::to_string(parts_) +
                      " parts of at least 2; raise pretrain.batch_size or lower bn_splits");
    }
    const Tensor q1_ND = query(batch.views[0]), k2_ND = key(batch.views[1], {batch.epoch, progress.step, 1});
    Tensor q2_ND, k1_ND;
    if (symmetric_) q2_ND = query(batch.views[1]), k1_ND = key(batch.views[0], {batch.epoch, progress.step, 0});
    const FullPrecision full;
    const Tensor embedding_ND = promoted(q1_ND);
    Tensor total = against_queue(q1_ND, k2_ND, 0);
    if (symmetric_) total = factor_ * (total + against_queue(q2_ND, k1_ND, 1));
    queues_[0]->hold(whole_batch(unit_rows(promoted(k2_ND))));
    if (symmetric_) queues_[1]->hold(whole_batch(unit_rows(promoted(k1_ND))));
    return {total, {}, embedding_ND};
  }

  void after_backward(const Progress&) override {
    for (const auto& queue : queues_) queue->store();
  }
  void after_step(const Progress& progress) override { momentum_.update(progress); }

 private:
  struct ShuffleKey {
    int64_t epoch, step, view;
  };

  Tensor against_queue(const Tensor& q_ND, const Tensor& k_ND, size_t i) const {
    return info_nce_queue(promoted(q_ND), promoted(k_ND), queues_[i]->rows_KD(), tau_);
  }

  Tensor query(const Tensor& x_NCHW) { return projector_(backbone().features(x_NCHW)); }

  // Shuffled BN: keys are normalised among other images than their queries, so that batch statistics cannot tell which
  // key belongs to which query. Of several ranks each keeps its images, in the order of the shuffled batch: which part
  // an image belongs to is all that its statistics ask for.
  Tensor key(const Tensor& x_NCHW, const ShuffleKey& at) {
    if (parts_ == 1) return momentum_(x_NCHW);
    const RandomStream stream(seed_, RandomUse::pretext, static_cast<uint32_t>(at.epoch),
                              static_cast<uint32_t>(at.step), static_cast<uint32_t>(at.view));
    const Tensor place_N = own_rows(random_permutation(stream, whole_batch_size(x_NCHW.size(0))).argsort());
    const Tensor order_N = place_N.argsort(), back_N = to_device(order_N.argsort(), x_NCHW.device());
    const Tensor shuffled_NCHW = x_NCHW.index_select(0, to_device(order_N, x_NCHW.device()));
    if (!ranks().alone()) split_batch_norm(momentum_, parts_, rows_of_parts(place_N));
    return momentum_(shuffled_NCHW).index_select(0, back_N);
  }

  // How many of these places of the whole batch lie in each of its parts.
  std::vector<int64_t> rows_of_parts(const Tensor& place_N) const {
    std::vector<int64_t> out;
    int64_t first = 0;
    for (const int64_t count : even_shares(ranks().whole(), parts_)) {
      const Tensor inside_N = place_N.ge(first).logical_and(place_N.lt(first + count));
      out.push_back(inside_N.sum().item<int64_t>());  // host read: drawn on the CPU
      first += count;
    }
    return out;
  }

  uint64_t seed_;
  double tau_;
  bool symmetric_;
  double factor_;
  int64_t parts_;
  MlpHead projector_;
  MomentumBranch momentum_;
  std::vector<std::unique_ptr<FeatureQueue>> queues_;  // of keys of view 2, then of view 1
};

// cifar: the authors' CIFAR-10 demo for one GPU (rate 0.06 at 512 images; 8 BN splits; both directions added), which
// keeps the keys of both views in one queue of 4,096; head as in lightly's cifar10_benchmark.py.
// imagenet: facebookresearch/moco README, v2 on 8 GPUs.
const nlohmann::json kPresets = {
    {"cifar",
     {{"temperature", 0.1},
      {"momentum", 0.99},
      {"momentum_end", 0.99},
      {"queue", 4096},
      {"symmetric", true},
      {"direction_reduction", "sum"},
      {"hidden", 512},
      {"pretrain", sgd_recipe(0.03, "linear_256", 5e-4)}}},
    {"imagenet",
     {{"temperature", 0.2}, {"pretrain", sgd_recipe(0.03, "linear_256", 1e-4)}, {"views", moco_v2_views()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "moco_v2",
     .summary = "contrastive: a query finds its key from a momentum encoder among a queue of earlier keys",
     .paper = "arXiv:2003.04297; arXiv:1911.05722, Eq. 1",
     .options = joined(
         {{real_option("temperature", 0.2, 1e-3, 100, "tau of Eq. 1 (v1: 0.07)"),
           flag_option("symmetric", false,
                       "both views are queries, each with a queue of its own (solo-learn's v2+); twice the cost"),
           choice_option("direction_reduction", "mean", {"mean", "sum"},
                         "of the two directions when symmetric: solo-learn, or the authors' CIFAR demo"),
           integer_option("bn_splits", 8, 1, 1024,
                          "parts of a batch with batch-norm statistics of their own, as on that many GPUs; keys are "
                          "dealt to them in another order (ShuffleBN). 1 = one pass, no shuffling")},
          queue_options(65536),
          momentum_options(0.999, 0.999, "constant"),
          head_options("", {.widths = {0, 2048, 128}, .hidden_norm = HeadNorm::none})}),
     .pitfalls =
         {"Without bn_splits, batch norm leaks which key belongs to a query: the loss falls and accuracy drops "
          "(the authors' CIFAR demo loses 4 points at 800 epochs).",
          "The queue starts with random directions, which are easy negatives: the loss rises until real keys have "
          "replaced them.",
          "A queue longer than the dataset holds older keys of the very image a query shows, as negatives.",
          "A symmetric epoch costs twice as much: compare at equal time, not at equal epochs."},
     .presets = kPresets,
     // The last norm spreads the keys of an untrained network as widely as the random rows that the queue starts with:
     // else the first steps, with random negatives only, look better than any later one.
     .tiny = {{"queue", 32},
              {"hidden", 64},
              {"projection", 8},
              {"last_norm", "affine"},
              {"momentum", 0.9},
              {"bn_splits", 2},
              {"symmetric", true}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<MocoV2>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       const bool added = settings.flag("symmetric") && settings.text("direction_reduction") == "sum";
       return {(added ? 2 : 1) * std::log(1 + static_cast<double>(settings.integer("queue")))};
     }});

}  // namespace
}  // namespace sslbench::moco_v2
