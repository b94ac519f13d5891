// SPDX-License-Identifier: Apache-2.0
// LeJEPA: views of one image have one embedding, and all embeddings together are an isotropic Gaussian.
// Balestriero, LeCun: "LeJEPA: Provable and Scalable Self-Supervised Learning Without the Heuristics", 2025,
// arXiv:2511.08544.
//   SIGReg(A, {f(x_n)}) = 1/|A| sum_{a in A} T({a^T f(x_n)})                        (SIGReg; T: Epps-Pulley's
//   statistic) T = N int |phi^(t) - exp(-t^2 / 2)|^2 exp(-t^2 / 2) dt L = (1 - lambda) L_pred + lambda SIGReg over all
//   views
// Lines follow rbalestr-lab/lejepa MINIMAL.md.
// Shapes: V views, global ones first, N images, D projection width, M directions, T knots.
#include "methods/lejepa.h"

#include <ATen/ops/cos.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/sin.h>

#include <cmath>
#include <numbers>

#include "methods/method.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "suites/ground/error.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::lejepa {

Tensor sigreg(const Tensor& proj_VND, const Tensor& directions_DM, int64_t knots, double t_max) {
  const Tensor a_DM = directions_DM.detach() / directions_DM.detach().norm(2, at::IntArrayRef{0}, true);
  const Tensor t_T = at::linspace(0, t_max, knots, proj_VND.options());
  const Tensor phi_T = (t_T.square() * -0.5).exp();
  const double dt = t_max / static_cast<double>(knots - 1);
  Tensor weights_T = at::full({knots}, 2 * dt, proj_VND.options());
  weights_T.narrow(0, 0, 1).fill_(dt);
  weights_T.narrow(0, knots - 1, 1).fill_(dt);
  const Tensor angle_VNMT = at::matmul(proj_VND, a_DM).unsqueeze(-1) * t_T;
  const Tensor distance_VMT = (at::cos(angle_VNMT).mean(1) - phi_T).square() + at::sin(angle_VNMT).mean(1).square();
  return (distance_VMT * (weights_T * phi_T)).sum(-1).mean() * proj_VND.size(1);
}

Tensor invariance(const Tensor& proj_VND, int64_t centre_views) {
  const Tensor center_1ND = proj_VND.narrow(0, 0, centre_views).mean(0, true);
  return (center_1ND - proj_VND).square().mean();
}

Tensor directions(uint64_t seed, int64_t step, int64_t D, int64_t M) {
  Tensor out_DM = at::empty({D, M}, at::kFloat);
  auto* out = out_DM.mutable_data_ptr<float>();
  RandomStream stream(seed, RandomUse::pretext, 0, static_cast<uint32_t>(step));
  for (int64_t i = 0; i < D * M; i += 2) {
    const float radius = std::sqrt(-2 * std::log(1 - stream.uniform()));
    const float angle = 2 * std::numbers::pi_v<float> * stream.uniform();
    out[i] = radius * std::cos(angle);
    if (i + 1 < D * M) out[i + 1] = radius * std::sin(angle);
  }
  return out_DM;
}

namespace {

class LeJepa final : public Method {
 public:
  explicit LeJepa(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        projection_(head_shape(request.settings, "", backbone().width()).widths.back()),
        lambda_(request.settings.real("lambda")),
        t_max_(request.settings.real("t_max")),
        knots_(request.settings.integer("knots")),
        directions_(request.settings.integer("directions")),
        centre_views_(request.settings.text("center") == "all" ? request.input.views + request.input.local_views
                                                               : request.input.views),
        one_pass_(request.settings.flag("one_pass")),
        seed_(request.seed) {
    if (request.input.views + request.input.local_views < 2) {
      throw UserError("lejepa: one view has no other to agree with; set views.count = 2 or views.local_count");
    }
    add_child("projector", projector_);
  }

  std::vector<Tensor> draw(const TrainBatch&, int64_t step) const override {
    return {directions(seed_, step, projection_, directions_)};
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    const int64_t N = batch.views[0].size(0);
    if (whole_batch_size(N) < 2) {
      throw UserError(
          "lejepa: a batch needs at least 2 images for a distribution; raise pretrain.batch_size, or set "
          "pretrain.drop_last = true");
    }
    const Tensor features =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return backbone().features(x); });
    const Tensor rows = through_views(features.split(N), one_pass_, [&](const Tensor& x) { return projector_(x); });
    const FullPrecision full;
    const Tensor proj_VND = whole_batch(promoted(rows).unflatten(0, {-1, N}), 1);
    const Tensor a_DM = drawn(batch, progress.step)[0].to(proj_VND.scalar_type());
    const Tensor gaussian = sigreg(proj_VND, a_DM, knots_, t_max_), agreement = invariance(proj_VND, centre_views_);
    return {
        (1 - lambda_) * agreement + lambda_ * gaussian, {{"invariance", agreement}, {"sigreg", gaussian}}, proj_VND[0]};
  }

 private:
  MlpHead projector_;
  int64_t projection_;  // D
  double lambda_, t_max_;
  int64_t knots_, directions_, centre_views_;
  bool one_pass_;
  uint64_t seed_;
};

nlohmann::json presets() {
  // rbalestr-lab/lejepa MINIMAL.md (Imagenette, four views of one size, batches of 256): projection 16, lambda 0.02.
  const nlohmann::json adamw = {{"optimizer", "adamw"}, {"learning_rate", 2e-3},       {"weight_decay", 0.05},
                                {"warmup_epochs", 1},   {"final_learning_rate", 1e-3}, {"schedule", "cosine_moco_v3"}};
  const nlohmann::json minimal = {{"count", 4},        {"brightness", 0.8}, {"contrast", 0.8},
                                  {"saturation", 0.8}, {"hue", 0.2},        {"solarize", {0.2}}};
  // README of the same repository: two global and six local views, 1024 directions, AdamW 5e-4, weight decay 0.05.
  nlohmann::json large = adamw;
  large.update({{"learning_rate", 5e-4}, {"warmup_epochs", 10}, {"final_learning_rate", 5e-7}});
  const nlohmann::json multi_crop = {{"area_low", 0.3},        {"saturation", 0.2},     {"blur", {0.5}},
                                     {"solarize", {0.2}},      {"local_count", 6},      {"local_size", 96},
                                     {"local_area_low", 0.05}, {"local_area_high", 0.3}};
  return {
      {"cifar", {{"lambda", 0.02}, {"projection", 16}, {"directions", 256}, {"pretrain", adamw}, {"views", minimal}}},
      {"imagenet", {{"pretrain", large}, {"views", multi_crop}}}};
}

std::vector<Option> options() {
  return {real_option("lambda", 0.05, 0, 1, "weight of SIGReg; the invariance has 1 - lambda"),
          integer_option("directions", 1024, 1, 65536, "random directions of a step"),
          integer_option("knots", 17, 3, 1001, "points of the integral over [0, t_max]"),
          real_option("t_max", 3, 0.1, 100, "where the integral ends"),
          choice_option(
              "center", "all", {"all", "global"},
              "an image's centre: the mean of all views (the authors' code), or of the global ones (paper, lightly)"),
          one_pass_option(true)};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "lejepa",
     .summary = "joint embedding without heuristics: views agree, and embeddings are Gaussian in random directions",
     .paper = "arXiv:2511.08544",
     .options = joined({options(), head_options("", {.widths = {0, 2048, 2048, 64}})}),
     .pitfalls = {"SIGReg grows with the number of images: another batch size wants another lambda.",
                  "Numbers published by lightly before its fix #2023 left the global views out of SIGReg: do not "
                  "compare with them."},
     .presets = presets(),
     .tiny = {{"hidden", 64}, {"projection", 16}, {"directions", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<LeJepa>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::lejepa
