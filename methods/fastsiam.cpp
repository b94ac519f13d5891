// SPDX-License-Identifier: Apache-2.0
// FastSiam: SimSiam whose target is the mean over several views, which makes it steady enough for small batches.
// Pototzky, Sultan, Schmidt-Thieme: "FastSiam: Resource-Efficient Self-supervised Learning on a Single GPU", GCPR 2022,
// doi:10.1007/978-3-031-16788-1_4.
//   L = 1/V sum_v D( p_v, stopgrad( 1/(V-1) sum_{u != v} z_u ) ),   D(p, z) = -p/|p| . z/|z|
// Shapes: V views, N images, D projection width.
#include "methods/fastsiam.h"

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/cosine.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/predictions.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench::fastsiam {

Tensor mean_target_cosine(const Tensor& p_VND, const Tensor& z_VND) {
  const Tensor still_VND = z_VND.detach();
  std::vector<Tensor> targets_ND;  // others are added: the sum of all less the view itself cancels in float32
  for (int64_t v = 0; v < z_VND.size(0); ++v) {
    targets_ND.push_back(at::cat({still_VND.slice(0, 0, v), still_VND.slice(0, v + 1)}).mean(0));
  }
  return -mean_cosine(p_VND, at::stack(targets_ND));
}

namespace {

class FastSiam final : public Method {
 public:
  explicit FastSiam(MethodRequest request)
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
    require_views("fastsiam", batch);
    const Predictions out = predictions_of(batch.views, one_pass_, backbone(), projector_, predictor_);
    const FullPrecision full;
    return {mean_target_cosine(at::stack(out.p), at::stack(out.z)), {}, out.z[0]};
  }

  ParameterRule rule(const std::string& name) const override {
    return {.constant_rate = constant_rate_ && name.starts_with("predictor.")};
  }

 private:
  MlpHead projector_, predictor_;
  bool constant_rate_, one_pass_;
};

// cifar: lightly's cifar10_benchmark.py (rate 0.06 for any batch size; SimSiam's crops). imagenet: SimSiam's own.
const nlohmann::json kPresets = {
    {"cifar", {{"pretrain", sgd_recipe(0.06, "none", 5e-4)}, {"views", {{"area_low", 0.2}}}}},
    {"imagenet", {{"pretrain", sgd_recipe(0.05, "linear_256", 1e-4)}, {"views", moco_v2_views()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "fastsiam",
     .summary = "regression: SimSiam against the mean of the other views, four of each image",
     .paper = "doi:10.1007/978-3-031-16788-1_4",
     .views = 4,
     .options = joined(
         {{flag_option("predictor_constant_rate", true, "the predictor keeps the peak learning rate, as SimSiam's"),
           one_pass_option(false)},
          head_options("", {.widths = {0, 2048, 2048, 2048}, .last_norm = HeadNorm::plain}),
          head_options("predictor_", {.widths = {0, 512, 2048}})}),
     .pitfalls = {"An epoch costs twice that of a method with two views: compare at equal time.",
                  "Collapse is as silent as SimSiam's: look at the spread of the embedding."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 64}, {"predictor_hidden", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<FastSiam>(std::move(request));
     },
     .chance_loss = [](const Settings&, const MethodInput&) -> ChanceLoss { return {.value = 0, .lowest = -1}; }});

}  // namespace
}  // namespace sslbench::fastsiam
