// SPDX-License-Identifier: Apache-2.0
// linear_segmentation: batch normalisation and a 1x1 convolution on one map of the frozen backbone, class scores
// enlarged bilinearly; mIoU and pixel accuracy on the test set, at the size of the labels. The linear head of DINOv2
// (Oquab et al., TMLR 2024, arXiv:2304.07193, section 7.4; facebookresearch/dinov2, dinov2/eval/segmentation/models/
// decode_heads/linear_head.py), trained by AdamW at a rate that is chosen on held-out training images.
#include "methods/layers.h"
#include "suites/protocols/fine_tuning/trained_masks.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/protocols/patches/patch_map.h"
#include "suites/protocols/predictions/saved_predictions.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

// Around DINOv2's 1e-3.
const std::vector<double> kRates{3e-4, 1e-3, 3e-3};

class LinearHead final : public Module {
 public:
  LinearHead(int64_t channels, int64_t classes, at::Generator& generator)
      : norm_(channels), classify_({channels, classes, 1, 1, 0, true, ConvInit::narrow_normal}, generator) {
    add_child("norm", norm_);
    add_child("classify", classify_);
  }
  Tensor operator()(const Tensor& map_NCHW) const { return classify_(norm_(map_NCHW)); }

 private:
  BatchNorm norm_;
  Conv2d classify_;
};

class LinearSegmentation final : public Protocol {
 public:
  explicit LinearSegmentation(const Settings& settings)
      : settings_(settings), rates_(rate_choice(settings, "linear_segmentation", kRates)) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    const PatchMap map = map_of(*backbone);
    if (!steps_of_one(settings_)) return;
    at::Generator generator = at::detail::createCPUGenerator(0);
    const LinearHead head(map.level().channels, /*classes=*/2, generator);
    const at::NoGradGuard no_grad;
    backbone->train(false);
    head(map(at::zeros({1, 3, settings_.integer("height"), settings_.integer("width")})));
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const PatchMap map = map_of(subject.backbone);
    const auto network = [&](int64_t classes) -> MaskNetwork {
      at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{4} << 32));
      auto module = std::make_unique<LinearHead>(map.level().channels, classes, generator);
      const LinearHead& head = *module;
      return {std::move(module), [&](const Tensor& x_NCHW) { return head(map(x_NCHW)); }};
    };
    const auto loss = [](const Tensor& scores_NKHW, const Tensor& masks_NHW) -> Loss {
      const FullPrecision full;
      const Tensor weights_K = at::ones({scores_NKHW.size(1)}, scores_NKHW.options().requires_grad(false));
      return {semantic_cross_entropy(scores_NKHW, masks_NHW, weights_K), {}, {}};
    };
    measure_trained_masks({settings_, rates_, network, loss}, subject, dataset, context);
  }

 private:
  PatchMap map_of(const Backbone& backbone) const {
    return {backbone, settings_.integer("stride"), "linear_segmentation"};
  }

  Settings settings_;
  RateChoice rates_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/20, /*batch_size=*/16, kRates, /*clip_norm=*/0);
  for (const Option& option : dense_view_options()) out.push_back(option);
  out.push_back(patch_stride_option());
  out.push_back(save_predictions_option());
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "linear_segmentation",
     .summary = "BatchNorm and a 1x1 convolution on a map of the frozen backbone (DINOv2's linear head); mIoU",
     .version = 1,
     .task = "segmentation",
     .metrics = joined(mask_metrics(), rate_metrics("miou")),
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LinearSegmentation>(settings);
     }});

}  // namespace
}  // namespace sslbench
