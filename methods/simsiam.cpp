// SPDX-License-Identifier: Apache-2.0
// SimSiam: one view's prediction meets the other view's projection, which is held still; no negatives, no teacher.
// Chen, He: "Exploring Simple Siamese Representation Learning", CVPR 2021, arXiv:2011.10566.
//   D(p1, z2) = -p1/|p1| . z2/|z2|                                        (Eq. 1)
//   L = D(p1, stopgrad(z2)) / 2 + D(p2, stopgrad(z1)) / 2                 (Eq. 4)
// Shapes: N images, D projection width.
#include "methods/simsiam.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/cosine.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/predictions.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench::simsiam {

Tensor symmetric_cosine(const Tensor& p1_ND, const Tensor& p2_ND, const Tensor& z1_ND, const Tensor& z2_ND) {
  return -paired_cosine(p1_ND, z2_ND, p2_ND, z1_ND);
}

namespace {

class SimSiam final : public Method {
 public:
  explicit SimSiam(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        predictor_(head_shape(request.settings, "predictor_", request.settings.integer("projection"),
                              request.settings.integer("projection")),
                   request.generator),
        constant_rate_(request.settings.flag("predictor_constant_rate")),
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
    add_child("predictor", predictor_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_pair("simsiam", batch);
    const Predictions out = predictions_of(batch.views, one_pass_, backbone(), projector_, predictor_);
    const FullPrecision full;
    return {symmetric_cosine(out.p[0], out.p[1], out.z[0], out.z[1]), {}, out.z[0]};
  }

  ParameterRule rule(const std::string& name) const override {
    return {.constant_rate = constant_rate_ && name.starts_with("predictor.")};
  }

 private:
  MlpHead projector_, predictor_;
  bool constant_rate_, one_pass_;
};

// cifar: appendix D of the paper (rate 0.03 at 256 images, two layers in the projector, no blur). imagenet: section 3,
// with MoCo v2's views.
const nlohmann::json kPresets = {
    {"cifar", {{"layers", 2}, {"pretrain", sgd_recipe(0.03, "linear_256", 5e-4)}, {"views", {{"area_low", 0.2}}}}},
    {"imagenet", {{"pretrain", sgd_recipe(0.05, "linear_256", 1e-4)}, {"views", moco_v2_views()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "simsiam",
     .summary = "regression: predicts the other view's projection, held still; no negatives, no momentum encoder",
     .paper = "arXiv:2011.10566, Eq. 4",
     .options = joined({{flag_option("predictor_constant_rate", true,
                                     "the predictor keeps the peak learning rate (section 4.2 of the paper)"),
                         one_pass_option(false)},
                        head_options("", {.widths = {0, 2048, 2048, 2048}, .last_norm = HeadNorm::plain}),
                        head_options("predictor_", {.widths = {0, 512, 2048}})}),
     .pitfalls = {"Collapse is silent: the loss reaches -1 and the spread of unit projections falls from 1/sqrt(D) to "
                  "0; a rate scaled up for a large batch is a common cause.",
                  "Its features have small norms: a linear probe with a fixed learning rate (other methods' 0.1) stops "
                  "far too early; the authors use 30, or LARS."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 64}, {"predictor_hidden", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<SimSiam>(std::move(request));
     },
     .chance_loss = [](const Settings&, const MethodInput&) -> ChanceLoss { return {.value = 0, .lowest = -1}; }});

}  // namespace
}  // namespace sslbench::simsiam
