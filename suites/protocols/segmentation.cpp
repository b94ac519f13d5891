// SPDX-License-Identifier: Apache-2.0
// segmentation: an FCN on the pretrained backbone, all of it fine-tuned (or the head alone); mIoU and pixel accuracy on
// the test set, at the size of the labels. Schedule and batch are fixed beforehand and equal for every row; the
// learning rate is chosen among the same ones on the same held-out training images.
#include "suites/protocols/fine_tuning/trained_masks.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/protocols/parts/segmenter.h"
#include "suites/protocols/parts/trained_part.h"
#include "suites/protocols/predictions/saved_predictions.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

// Around the one rate of version 1, 2e-3.
const std::vector<double> kRates{1e-3, 3e-3, 1e-2};

class Segmentation final : public Protocol {
 public:
  explicit Segmentation(const Settings& settings)
      : settings_(settings), rates_(rate_choice(settings, "segmentation", kRates)) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    at::Generator generator = at::detail::createCPUGenerator(0);
    const auto segmenter = make_segmenter(std::move(backbone), /*classes=*/2, generator);
    if (!steps_of_one(settings_)) return;
    const at::NoGradGuard no_grad;
    segmenter->train(true);
    segmenter->scores(at::zeros({1, 3, settings_.integer("height"), settings_.integer("width")}));
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const auto network = [&](int64_t classes) -> MaskNetwork {
      at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{3} << 32));
      auto segmenter = make_segmenter(subject.copy(), classes, generator);
      const Segmenter& it = *segmenter;
      return {std::move(segmenter), [&it](const Tensor& x_NCHW) { return it.scores(x_NCHW); }};
    };
    const auto loss = [&](const Tensor& scores_NKHW, const Tensor& masks_NHW) {
      return loss_of(scores_NKHW, masks_NHW);
    };
    measure_trained_masks({settings_, rates_, network, loss}, subject, dataset, context);
  }

 private:
  std::unique_ptr<Segmenter> make_segmenter(std::unique_ptr<Backbone> backbone, int64_t classes,
                                            at::Generator& generator) const {
    return std::make_unique<Segmenter>(trained_part(std::move(backbone), settings_, "segmentation"), classes,
                                       settings_.integer("channels"), settings_.integer("min_stride"), generator);
  }

  Loss loss_of(const Tensor& scores_NKHW, const Tensor& masks_NHW) const {
    const FullPrecision full;
    const Tensor weights_K = at::ones({scores_NKHW.size(1)}, scores_NKHW.options().requires_grad(false));
    weights_K[0].fill_(settings_.real("background_weight"));
    const Tensor cross_entropy = semantic_cross_entropy(scores_NKHW, masks_NHW, weights_K);
    if (settings_.text("loss") == "ce") return {cross_entropy, {}, {}};
    const Tensor dice = dice_loss(scores_NKHW, masks_NHW);
    return {cross_entropy + dice, {{"cross_entropy", cross_entropy}, {"dice", dice}}, {}};
  }

  Settings settings_;
  RateChoice rates_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/20, /*batch_size=*/16, kRates, /*clip_norm=*/10);
  for (const Option& option : dense_view_options()) out.push_back(option);
  out.push_back(trained_part_option());
  out.push_back(integer_option("channels", 64, 1, 4096, "of the head"));
  out.push_back(integer_option("min_stride", 4, 1, 128, "finest map that is used"));
  out.push_back(choice_option("loss", "ce", {"ce", "ce_dice"}, "cross-entropy; or with the Dice loss added"));
  out.push_back(real_option("background_weight", 1, 0, 1e3, "weight of class 0 in the cross-entropy"));
  out.push_back(save_predictions_option());
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "segmentation",
     .summary = "FCN on the pretrained backbone, fine-tuned at a rate chosen on held-out training images; mIoU",
     .version = 1,
     .task = "segmentation",
     .metrics = joined(mask_metrics(), rate_metrics("miou")),
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Segmentation>(settings);
     }});

}  // namespace
}  // namespace sslbench
