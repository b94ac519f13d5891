// SPDX-License-Identifier: Apache-2.0
// After its first steps a training asks the system for no memory of tensors any more: all of it comes from the cache.
#include <gtest/gtest.h>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/tensors/aten.h"
#include "suites/training/meters/cpu_allocator.h"
#include "suites/training/step.h"
#include "tests/contracts/method_names.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 16, kImages = 96, kStepsPerEpoch = 6, kSettling = 12, kSteady = 6, kSettlingVarying = 60;

// Those whose tensors are of another size in every step: they may take one of a size that was never asked for.
const std::map<std::string, std::string> kVarying = {
    {"ijepa", "context and targets are of another length in every step"},
    {"ibot", "the number of masked patches is drawn"},
    {"data2vec", "the number of masked patches is drawn"}};

class SteadyMemoryTest : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, SteadyMemoryTest, ::testing::ValuesIn(method_names(WhichMethods::trained)),
                         [](const auto& info) { return info.param; });

TEST_P(SteadyMemoryTest, AStepTakesAllItsTensorsFromTheCache) {
  install_cpu_allocator();
  const MethodEntry& entry = Registry<MethodEntry>::find(GetParam());
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", kImages}}, Split::train, ""));
  const Settings defaults("views", view_options(), nlohmann::json::object());
  const ViewPlan views{view_recipes_from(defaults, {entry.views, 32}), {}, 0, {}};
  const MethodInput input{
      .classes = 10, .examples = kImages, .image_size = 32, .views = entry.views, .batch_size = kBatch};
  const std::string backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
  const auto method =
      make_method(entry.name, entry.tiny, {backbone, Registry<BackboneEntry>::find(backbone).tiny}, input, 0);
  method->place(at::kCPU);
  method->train(true);
  const TrainTask task{.module = *method,
                       .after_backward = [&](const Progress& progress) { method->after_backward(progress); },
                       .after_step = [&](const Progress& progress) { method->after_step(progress); }};
  Step one_step(task, {}, at::kCPU);
  const auto batch_at = [&](int64_t step) {
    std::vector<int64_t> samples;
    for (int64_t i = 0; i < kBatch; ++i) samples.push_back((step * kBatch + i) % kImages);
    method->begin_step({0, step / kStepsPerEpoch, samples});
    return make_views(images, samples, step / kStepsPerEpoch, views);
  };
  if (method->observes_first()) {
    const at::NoGradGuard no_grad;
    for (int64_t step = 0; step < kStepsPerEpoch; ++step) method->observe(batch_at(step));
  }
  const auto varying = kVarying.find(GetParam());
  const int64_t settling = varying == kVarying.end() ? kSettling : kSettlingVarying;
  int64_t made = 0;
  for (int64_t step = 0; step < settling + kSteady; ++step) {
    if (step == settling) made = tensor_blocks_made();
    const TrainBatch batch = batch_at(step);
    one_step({[&](const Progress& progress) { return method->loss(batch, progress); }, {}},
             {step, 4 * kSettlingVarying, kStepsPerEpoch}, {1e-4, 1e-4, 0});
  }
  if (varying != kVarying.end()) {
    EXPECT_LE(tensor_blocks_made() - made, 2 * kSteady) << varying->second;
  } else {
    EXPECT_EQ(tensor_blocks_made() - made, 0);
  }
}

}  // namespace
}  // namespace sslbench
