// SPDX-License-Identifier: Apache-2.0
// distill: a student learns what a frozen, trained teacher says of the same view. Three losses, weighted and added:
//   cosine:  1 - cos(h(f_S(x)), f_T(x))                        of pooled features, h the predictor
//   patch:   the same of every cell of the maps, with a predictor of their own (Ranzinger et al.: "AM-RADIO", CVPR
//   2024,
//            arXiv:2312.06709, section 3: heads of summary and of spatial features)
//   kl:      KL(p_T || p_S),  p_i(j) = exp(z_i.d_j / tau) / sum_{d in D+} exp(z_i.d / tau),  D+ = queue and z_i^T
//            Fang, Wang, Wang, Zhang, Yang, Liu: "SEED: Self-supervised Distillation For Visual Representation", ICLR
//            2021, arXiv:2101.04731, Eq. 4-6, which prints the cross entropy: KL and the entropy of p_T, a constant.
//            Without z_i^T in D+ and with one tau for both: Koohpayegani, Tejankar, Pirsiavash: "CompRess:
//            Self-Supervised Learning by Compressing Representations", NeurIPS 2020, arXiv:2010.14713 (1q).
// Shapes: N images, D the teacher's width, C channels of its map, h w grid, K rows of the queue.
#include "methods/distill.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/cosine.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/queue.h"
#include "methods/patches/grid.h"
#include "methods/teachers/frozen_teacher.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/resize_maps.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::distill {

Tensor cosine_distance(const Tensor& s, const Tensor& t) { return 1 - mean_cosine(s, t.detach()); }

Tensor patch_distance(const Tensor& s_NDhw, const Tensor& t_NDhw) {
  const bool same = s_NDhw.sizes().slice(2) == t_NDhw.sizes().slice(2);
  const Tensor fitted_NDhw = same ? t_NDhw : resize_maps(t_NDhw, s_NDhw.size(2), s_NDhw.size(3), MapResize::bilinear);
  return cosine_distance(s_NDhw.permute({0, 2, 3, 1}), fitted_NDhw.permute({0, 2, 3, 1}));
}

Tensor similarity_divergence(const Tensor& s_ND, const Tensor& t_ND, const Tensor& queue_KD, double tau,
                             double teacher_tau, bool own_anchor) {
  const Tensor own_ND = unit_rows(t_ND.detach());
  const auto log_p = [&](const Tensor& z_ND, double temperature) {
    Tensor cos_NK = at::mm(z_ND, queue_KD.detach().t());
    if (own_anchor) cos_NK = at::cat({(z_ND * own_ND).sum({1}, true), cos_NK}, 1);
    return at::log_softmax(cos_NK / temperature, 1);
  };
  const Tensor log_t_NK = log_p(own_ND, teacher_tau), log_s_NK = log_p(unit_rows(s_ND), tau);
  return (log_t_NK.exp() * (log_t_NK - log_s_NK)).sum(1).mean();
}

namespace {

class Distill final : public Method {
 public:
  explicit Distill(MethodRequest request)
      : Method(std::move(request.backbone)),
        teacher_(request),
        weights_{request.settings.real("cosine"), request.settings.real("patch"), request.settings.real("kl")},
        tau_(request.settings.real("temperature")),
        teacher_tau_(request.settings.real("teacher_temperature")),
        own_anchor_(request.settings.flag("own_anchor")) {
    if (!uses_pooled() && weights_.patch == 0) {
      throw UserError("distill: cosine, patch and kl are all 0, so there is no loss; give one of them a weight");
    }
    add_child("teacher", teacher_);
    add_predictors(request);
    const int64_t rows = queue_rows(request.settings, weights_.kl > 0 ? request.input.batch_size : 0);
    const QueueOverflow overflow = queue_overflow(request.settings);
    if (weights_.kl > 0) {
      queue_ = std::make_unique<FeatureQueue>(rows, teacher_.width(), overflow, request.generator);
      add_child("queue", *queue_);
    }
    take_normalisation();
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("distill", batch, 1);
    Loss out;
    Sums sums;
    for (const Tensor& x_NCHW : batch.views) {
      const PooledAndMap theirs = teacher_(x_NCHW, weights_.patch > 0);
      const PooledAndMap own = pooled_and_map(backbone(), x_NCHW, weights_.patch > 0);
      add_view(own, theirs, sums);
      if (out.embedding_ND.defined()) continue;
      out.embedding_ND = promoted(own.pooled_ND);
      if (queue_) queue_->hold(whole_batch(unit_rows(promoted(theirs.pooled_ND))));
    }
    const auto add = [&](const char* name, const Tensor& sum, double weight) {
      if (weight == 0) return;
      const Tensor mean = sum / static_cast<double>(batch.views.size());
      out.terms.emplace_back(name, mean);
      out.total = out.total.defined() ? out.total + weight * mean : weight * mean;
    };
    add("loss_cosine", sums.cosine, weights_.cosine);
    add("loss_patch", sums.patch, weights_.patch);
    add("loss_kl", sums.kl, weights_.kl);
    return out;
  }

  void after_backward(const Progress&) override {
    if (queue_) queue_->store();
  }
  std::vector<std::string> notes() const override { return teacher_.notes(); }

 private:
  struct Weights {
    double cosine, patch, kl;
  };
  struct Sums {  // over views; undefined without a weight
    Tensor cosine, patch, kl;
  };

  void add_predictors(const MethodRequest& request) {
    const bool none = request.settings.text("predictor") == "none";
    const auto add = [&](const char* name, std::unique_ptr<MlpHead>& head, int64_t from, int64_t to) {
      const HeadShape shape = head_shape(request.settings, "predictor_", from, to);
      if (none && from != to) {
        throw UserError("distill: predictor = \"none\" needs a student as wide as its teacher, and " +
                        std::to_string(from) + " is not " + std::to_string(to) + "; set predictor = \"mlp\"");
      }
      if (none) return;
      head = std::make_unique<MlpHead>(shape, request.generator);
      add_child(name, *head);
    };
    if (uses_pooled()) add("predictor", predictor_, backbone().width(), teacher_.width());
    if (weights_.patch > 0) {
      add("patch_predictor", patch_predictor_, backbone().levels().back().channels, teacher_.map_channels());
    }
  }

  // A student that does not know how its images are normalised sees them as its teacher's file says.
  void take_normalisation() {
    const auto& theirs = teacher_.input_facts().normalisation;
    if (theirs && !backbone().input_facts().known()) backbone().set_input_facts({theirs, 0});
  }

  void add_view(const PooledAndMap& own, const PooledAndMap& theirs, Sums& sums) const {
    Tensor s_ND, s_NDhw;
    if (uses_pooled()) s_ND = predictor_ ? (*predictor_)(own.pooled_ND) : own.pooled_ND;
    if (weights_.patch > 0) s_NDhw = patch_predictor_ ? on_cells(*patch_predictor_, own.map_NChw) : own.map_NChw;
    const FullPrecision full;
    const auto add = [](Tensor& sum, const Tensor& term) { sum = sum.defined() ? sum + term : term; };
    const Tensor t_ND = promoted(theirs.pooled_ND);
    if (weights_.cosine > 0) add(sums.cosine, cosine_distance(promoted(s_ND), t_ND));
    if (weights_.patch > 0) add(sums.patch, patch_distance(promoted(s_NDhw), promoted(theirs.map_NChw)));
    if (weights_.kl > 0) {
      add(sums.kl, similarity_divergence(promoted(s_ND), t_ND, queue_->rows_KD(), tau_, teacher_tau_, own_anchor_));
    }
  }

  bool uses_pooled() const { return weights_.cosine + weights_.kl > 0; }

  FrozenTeacher teacher_;
  Weights weights_;
  double tau_, teacher_tau_;
  bool own_anchor_;
  std::unique_ptr<MlpHead> predictor_, patch_predictor_;  // absent: the identity, or not asked for
  std::unique_ptr<FeatureQueue> queue_;                   // of the teacher's features of the first view
};

std::vector<Option> loss_options() {
  return {real_option("cosine", 1, 0, 1e3, "weight of 1 - cos of pooled features"),
          real_option("patch", 0, 0, 1e3,
                      "weight of 1 - cos of every cell of the maps; costs networks that are no Vision Transformers a "
                      "second pass"),
          real_option("kl", 0, 0, 1e3, "weight of the divergence of similarities to a queue (SEED: 1, and cosine 0)"),
          real_option("temperature", 0.2, 1e-3, 100, "tau of the student's similarities (CompRess: 0.04)"),
          real_option("teacher_temperature", 0.01, 1e-3, 100, "tau of the teacher's similarities (CompRess: 0.04)"),
          flag_option("own_anchor", true,
                      "an image's own teacher feature stands beside the queue (SEED); false: the queue alone "
                      "(CompRess)"),
          choice_option("predictor", "mlp", {"mlp", "none"},
                        "what maps the student's features to the teacher's width; none: they are equally wide")};
}

// imagenet: SEED, section 4.1 (SGD, 0.03 for 256 images, 200 epochs, MoCo v2's views). cifar: no published recipe; the
// same with the decay and the queue of small sets.
const nlohmann::json kPresets = {
    {"cifar", {{"queue", 4096}, {"pretrain", sgd_recipe(0.03, "linear_256", 5e-4)}}},
    {"imagenet", {{"pretrain", sgd_recipe(0.03, "linear_256", 1e-4)}, {"views", moco_v2_views()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "distill",
     .summary = "distillation: a student learns a frozen teacher's features, from a file",
     .paper = "arXiv:2101.04731, Eq. 4-6; arXiv:2010.14713",
     .views = 1,
     .options = joined({teacher_options(), loss_options(), queue_options(65536),
                        head_options("predictor_", {.widths = {0, 2048, 0}, .hidden_norm = HeadNorm::none})}),
     .pitfalls = {"The teacher sees images as they are normalised for the student: as its file says where that says it "
                  "and the student's does not; else set views.normalisation.",
                  "The student's features lie before the predictor: where that is an MLP, they need not resemble the "
                  "teacher's; predictor_layers = 1 keeps them a linear map away.",
                  "With kl, a queue shorter than a few batches holds little to compare with, and starts with random "
                  "directions."},
     .presets = kPresets,
     .tiny = {{"without_file", "initial"}, {"patch", 1}, {"kl", 1}, {"queue", 64}, {"predictor_hidden", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Distill>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::distill
