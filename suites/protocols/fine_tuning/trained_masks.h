// SPDX-License-Identifier: Apache-2.0
// What segmentation protocols have in common that train a network on label maps: the rate is chosen on held-out
// training images, the network trained again on all of them, and the test set read last.
#pragma once

#include <functional>
#include <memory>

#include "methods/method.h"
#include "suites/ground/settings.h"
#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/predictions/mask_scores.h"

namespace sslbench {

struct MaskNetwork {
  std::unique_ptr<Module> module;  // that learns
  CellScores scores;               // of what it is
};

struct MaskTraining {
  const Settings& settings;  // with finetune_options()
  const RateChoice& rates;
  // From the pretrained weights, with a head for so many classes; the same one whenever it is asked for.
  std::function<MaskNetwork(int64_t classes)> network;
  // Of class scores and labels at the size of the training images.
  std::function<Loss(const at::Tensor& scores_NKHW, const at::Tensor& masks_NHW)> loss;
};

void measure_trained_masks(const MaskTraining& how, Subject& subject, const DatasetSpec& dataset,
                           StageContext& context);

}  // namespace sslbench
