// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/dense_batch.h"

#include <algorithm>
#include <cmath>

#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"
#include "suites/training/train_loop.h"

namespace sslbench {

DenseBatch make_dense_batch(const ImageSet& images, const BatchPlan& plan, const DenseRecipe& recipe,
                            const Normalisation& normalisation, uint64_t seed, bool pinned) {
  const auto N = static_cast<int64_t>(plan.samples.size());
  DenseBatch batch;
  const auto options = at::TensorOptions().pinned_memory(pinned);
  batch.images_NCHW =
      at::empty({N, 3, recipe.height, recipe.width}, options.dtype(at::kFloat), at::MemoryFormat::ChannelsLast);
  batch.boxes.resize(plan.samples.size());
  const int64_t pixels = static_cast<int64_t>(recipe.height) * recipe.width;
  if (!images.item(0)->mask.labels.empty()) {
    batch.masks_NHW = at::empty({N, recipe.height, recipe.width}, options.dtype(at::kByte));
  }
  for (int64_t n = 0; n < N; ++n) {
    const int64_t sample = plan.samples[static_cast<size_t>(n)];
    if (plan.stop.stop_requested()) throw Abandoned{};
    DenseTruth truth = render_dense(*images.item(sample), recipe, dense_stream(seed, plan.epoch, sample), normalisation,
                                    batch.images_NCHW.mutable_data_ptr<float>() + n * pixels * 3);
    std::erase_if(truth.boxes, [](const Box& box) { return box.difficult; });
    batch.boxes[static_cast<size_t>(n)] = std::move(truth.boxes);
    if (batch.masks_NHW.defined()) {
      std::copy(truth.mask.labels.begin(), truth.mask.labels.end(),
                batch.masks_NHW.mutable_data_ptr<uint8_t>() + n * pixels);
    }
  }
  return batch;
}

std::vector<Option> finetune_options(int64_t epochs, int64_t batch_size, const std::vector<double>& rates,
                                     double clip_norm) {
  const std::vector<Option> length{integer_option("epochs", epochs, 1, 1e6, "passes over the training set"),
                                   integer_option("batch_size", batch_size, 1, 1e6, "images of one step")};
  const std::vector<Option> rest{
      real_option("weight_decay", 1e-4, 0, 1e3, "decoupled"),
      real_option("warmup_epochs", 0.5, 0, 1e6, "linear warm-up; fractions allowed"),
      real_option("clip_norm", clip_norm, 0, 1e9, "largest norm of all gradients together; 0 = no clipping"),
      precision_option(),
      kernels_option(),
      integer_option("height", 0, 0, 8192, "px that images are resized to; 0 = the first image's"),
      integer_option("width", 0, 0, 8192, "px that images are resized to; 0 = the first image's"),
      protocol_workers_option(),
  };
  return joined({length, rate_options(rates), rest});
}

std::vector<Option> dense_view_options() {
  return {real_option("flip", 0.5, 0, 1, "probability of a mirrored training image"),
          real_option("colour", 0.2, 0, 1, "strength of the colour jitter (a quarter of it for hue)")};
}

bool steps_of_one(const Settings& settings) {
  return settings.integer("batch_size") == 1 && settings.integer("height") > 0 && settings.integer("width") > 0;
}

TrainSettings finetune_settings(const Settings& settings, at::Device device) {
  TrainSettings out;
  out.epochs = settings.integer("epochs");
  out.batch_size = settings.integer("batch_size");
  out.precision = precision_of(settings.text("precision"), device);
  out.kernels = kernels_of(settings.text("kernels"), device);
  out.optimizer = {"adamw", settings.real("weight_decay"), 0, true};
  out.warmup_epochs = settings.real("warmup_epochs");
  out.clip_norm = settings.real("clip_norm");
  out.data_workers = static_cast<int>(settings.integer("data_workers"));
  return out;
}

DenseRecipe plain_recipe(const Settings& settings, const ImageSet& images) {
  DenseRecipe out{.flip = 0, .brightness = 0, .contrast = 0, .saturation = 0, .hue = 0};
  out.height = static_cast<int>(settings.integer("height"));
  out.width = static_cast<int>(settings.integer("width"));
  if (out.height == 0) out.height = images.item(0)->image.height;
  if (out.width == 0) out.width = images.item(0)->image.width;
  return out;
}

DenseRecipe dense_recipe(const Settings& settings, const ImageSet& images) {
  DenseRecipe out = plain_recipe(settings, images);
  out.flip = static_cast<float>(settings.real("flip"));
  const auto colour = static_cast<float>(settings.real("colour"));
  out.brightness = out.contrast = out.saturation = colour;
  out.hue = colour / 4;
  return out;
}

void finetune(Module& module, const ImagePart& images, const DenseRecipe& recipe, const Normalisation& normalisation,
              const TrainSettings& training, const std::function<Loss(const DenseBatch&)>& loss,
              StageContext& context) {
  module.place(context.device);
  const TrainTask task{.module = module,
                       .examples = images.size(),
                       .step_bytes = locked_bytes(training.batch_size * 3 * recipe.height * recipe.width * int64_t{4}),
                       .prepare = [&](BatchPlan plan) -> PreparedStep {
                         for (int64_t& sample : plan.samples) sample = images.numbers[static_cast<size_t>(sample)];
                         DenseBatch batch = make_dense_batch(images.images, plan, recipe, normalisation, context.seed,
                                                             /*pinned=*/context.device.is_cuda());
                         const auto one = [&, batch = std::move(batch)](const Progress&) mutable {
                           batch.images_NCHW = to_device(batch.images_NCHW, context.device);
                           if (batch.masks_NHW.defined()) {
                             batch.masks_NHW = to_device(batch.masks_NHW, context.device).to(at::kLong);
                           }
                           return loss(batch);
                         };
                         return {one, {}};
                       },
                       .after_backward = {},
                       .after_step = {},
                       .rule = {}};
  train(task, training, context);
  module.train(false);
}

}  // namespace sslbench
