// SPDX-License-Identifier: Apache-2.0
// Whole steps of the training loop: what it costs besides forward, backward and update shows on a network as small as
// convnet. items_per_second = source images; a step is kBatch of them.
#include <benchmark/benchmark.h>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/tensors/aten.h"
#include "suites/training/train_loop.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 64, kImages = 512, kEpochs = 8;

// loop/<method>/<clip_norm>: training of convnet on one batch of 32 px images that is made before; nothing is saved.
void loop(benchmark::State& state, const std::string& name, double clip_norm) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", kImages}}, Split::train, ""));
  const Settings defaults("views", view_options(), nlohmann::json::object());
  const ViewPlan views{view_recipes_from(defaults, {entry.views, 32}), {}, 0};
  std::vector<int64_t> samples;
  for (int64_t i = 0; i < kBatch; ++i) samples.push_back(i);
  const TrainBatch batch = make_views(images, samples, 0, views);
  const auto method = make_method(name, nlohmann::json::object(), {"convnet"}, {10, kImages, 32, entry.views}, 0);

  TrainSettings settings;
  settings.epochs = kEpochs;
  settings.batch_size = kBatch;
  settings.learning_rate = 1e-4;
  settings.clip_norm = clip_norm;
  settings.checkpoint_seconds = 1e9;
  const TrainTask task{.module = *method,
                       .examples = kImages,
                       .prepare = [&](const BatchPlan&) -> PreparedStep {
                         return {[&](const Progress& progress) { return method->loss(batch, progress); }, {}};
                       },
                       .after_backward = [&](const Progress& progress) { method->after_backward(progress); },
                       .after_step = [&](const Progress& progress) { method->after_step(progress); },
                       .rule = {}};
  for (auto _ : state) {
    const ScratchFolder folder;
    StageRecord record;
    record.name = "pretrain";
    record.key = "key";
    StageContext context{.record = record,
                         .work = folder.path(),
                         .used = [] { return Resources{}; },
                         .progress = [](int64_t, int64_t, double) {},
                         .stop_requested = [] { return false; }};
    train(task, settings, context);
  }
  state.SetItemsProcessed(state.iterations() * kImages * kEpochs);
}

}  // namespace

void register_loop_benchmarks() {
  for (const char* name : {"supervised", "simclr", "byol", "moco_v2"}) {
    for (const double clip_norm : {0.0, 1.0}) {
      const std::string title = std::string("loop/") + name + "/" + (clip_norm > 0 ? "clipped" : "free");
      benchmark::RegisterBenchmark(title.c_str(), [=](benchmark::State& state) { loop(state, name, clip_norm); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace sslbench
