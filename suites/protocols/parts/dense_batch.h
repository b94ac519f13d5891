// SPDX-License-Identifier: Apache-2.0
// Training data and settings that protocols share which train on maps.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "datasets/augment/dense_view.h"
#include "datasets/batches/image_batches.h"
#include "datasets/batches/sample_order.h"
#include "methods/method.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/protocols/protocol.h"
#include "suites/training/train_settings.h"

namespace sslbench {

struct DenseBatch {
  at::Tensor images_NCHW;               // normalised, channels last
  std::vector<std::vector<Box>> boxes;  // in pixels of the resized image
  at::Tensor masks_NHW;  // 255 = ignored; undefined when the set has no masks; bytes as made, int64 for a
                         // loss
};

// Images of one fine-tuning step, resized, flipped and coloured; a pure function of (seed, epoch, sample). `pinned`: in
// page-locked memory, from which a device copies without waiting.
DenseBatch make_dense_batch(const ImageSet& images, const BatchPlan& plan, const DenseRecipe& recipe,
                            const Normalisation& normalisation, uint64_t seed, bool pinned = false);

// Options of protocols that train: epochs, batch_size, rate_options(rates), ..., height, width (0 = the images' own
// size).
std::vector<Option> finetune_options(int64_t epochs, int64_t batch_size, const std::vector<double>& rates,
                                     double clip_norm);
// All but the learning rate: see suites/protocols/fine_tuning/chosen_rate.h.
TrainSettings finetune_settings(const Settings& settings, at::Device device);
// Whether steps see a single image of a size that is known beforehand, of whose maps batch normalisation may be left
// with one value.
bool steps_of_one(const Settings& settings);
// flip, colour.
std::vector<Option> dense_view_options();
// Whole images of height x width (0: the first image's), as they are; and flipped and coloured as settings say.
DenseRecipe plain_recipe(const Settings& settings, const ImageSet& images);
DenseRecipe dense_recipe(const Settings& settings, const ImageSet& images);

// Fine-tunes all of `module` on training images and leaves it in evaluation mode; throughput and images go into the
// context's record. `loss` runs on the training thread, with the batch's tensors on the context's device.
void finetune(Module& module, const ImagePart& images, const DenseRecipe& recipe, const Normalisation& normalisation,
              const TrainSettings& training, const std::function<Loss(const DenseBatch&)>& loss, StageContext& context);

}  // namespace sslbench
