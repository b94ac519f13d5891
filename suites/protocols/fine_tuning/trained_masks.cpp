// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/trained_masks.h"

#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/tensors/aten.h"

namespace sslbench {

void measure_trained_masks(const MaskTraining& how, Subject& subject, const DatasetSpec& dataset,
                           StageContext& context) {
  const LoadedSplit& split = subject.data.split(dataset, Split::train, "segmentation");
  const DenseRecipe recipe = dense_recipe(how.settings, *split.images);
  const auto classes = static_cast<int>(split.mask_classes.size());
  const auto trained = [&](const ImagePart& images, const TrainSettings& training, StageContext& at) {
    MaskNetwork network = how.network(classes);
    const auto loss = [&](const DenseBatch& batch) {
      const at::Tensor scores_NKHW = resize_scores(network.scores(batch.images_NCHW), recipe.height, recipe.width);
      return how.loss(scores_NKHW, batch.masks_NHW);
    };
    finetune(*network.module, images, recipe, subject.normalisation, training, loss, at);
    return network;
  };
  const auto reader = [&](const MaskNetwork& network) {
    return MaskReader{network.scores, recipe, subject.normalisation, classes};
  };
  TrainSettings training = finetune_settings(how.settings, context.device);
  const RateTrial trial = [&](const ImagePart& kept, const ImagePart& out, const TrainSettings& at_rate,
                              StageContext& at) {
    const MaskNetwork network = trained(kept, at_rate, at);
    return scores_of(mask_confusions(reader(network), out, at), classes).miou;
  };
  choose_rate(all_of(*split.images), how.rates, "miou", trial, training, context);
  const MaskNetwork network = trained(all_of(*split.images), training, context);
  measure_masks(reader(network), subject, dataset, how.settings.flag("save_predictions"), context);
  mark_version(how.rates, context.record);
}

}  // namespace sslbench
