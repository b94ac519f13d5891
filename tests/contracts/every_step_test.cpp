// SPDX-License-Identifier: Apache-2.0
// What every method's training step promises on a GPU. Needs one: scripts/gpu-check runs it there; elsewhere it says
// why it did not run.
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/device_meter.h"
#include "suites/training/step.h"
#include "tests/contracts/method_names.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 16, kImages = 96, kStepsPerEpoch = 4;

// Methods whose mathematics needs a value on the host, and which.
const std::map<std::string, std::string> kWaiting = {
    {"mmcr", "LibTorch looks whether its solver for singular values has converged"}};

// Why there is no GPU, or "".
std::string without_gpu() {
  try {
    load_cuda(0);
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

class EveryStepTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (const auto known = kWaiting.find(GetParam()); known != kWaiting.end()) GTEST_SKIP() << known->second;
    if (const std::string why = without_gpu(); !why.empty()) GTEST_SKIP() << why;
  }
};
INSTANTIATE_TEST_SUITE_P(All, EveryStepTest, ::testing::ValuesIn(method_names(WhichMethods::trained)),
                         [](const auto& info) { return info.param; });

class NoWaiting {
 public:
  NoWaiting() { device_meter()->forbid_waiting(true); }
  ~NoWaiting() { device_meter()->forbid_waiting(false); }
  NoWaiting(const NoWaiting&) = delete;
  NoWaiting& operator=(const NoWaiting&) = delete;
};

TEST(NoWaitingEveryStepTest, SeesAReadOnTheHost) {
  if (const std::string why = without_gpu(); !why.empty()) GTEST_SKIP() << why;
  const at::Tensor one = at::ones({}, at::Device("cuda:0"));
  const NoWaiting no_waiting;
  EXPECT_THROW(one.item<double>(), c10::Error);
}

// Two steps to set up, then the two that lead over the end of an epoch.
TEST_P(EveryStepTest, LetsTheHostWaitForNothingOnAGpu) {
  const at::Device device("cuda:0");
  const MethodEntry& entry = Registry<MethodEntry>::find(GetParam());
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", kImages}}, Split::train, ""));
  const Settings defaults("views", view_options(), nlohmann::json::object());
  const ViewPlan views{view_recipes_from(defaults, {entry.views, 32}), {}, 0, {}, /*pinned=*/true};
  const MethodInput input{.classes = 10, .examples = kImages, .image_size = 32, .views = entry.views};
  const std::string backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
  const auto method =
      make_method(entry.name, entry.tiny, {backbone, Registry<BackboneEntry>::find(backbone).tiny}, input, 0);
  method->place(device);
  TrainSettings settings;
  settings.clip_norm = 1;
  const TrainTask task{.module = *method,
                       .examples = kImages,
                       .after_backward = [&](const Progress& progress) { method->after_backward(progress); },
                       .after_step = [&](const Progress& progress) { method->after_step(progress); }};
  Step one_step(task, settings, device);
  const auto train = [&](int64_t step) {
    std::vector<int64_t> samples;
    for (int64_t i = 0; i < kBatch; ++i) samples.push_back((step * kBatch + i) % kImages);
    TrainBatch batch = make_views(images, samples, 0, views);
    method->draw_for(batch, step);
    method->begin_step({0, 0, samples});
    const PreparedStep prepared{[&](const Progress& progress) {
                                  move_batch(batch, device);
                                  return method->loss(batch, progress);
                                },
                                {}};
    one_step(prepared, {step, 2 * kStepsPerEpoch, kStepsPerEpoch}, {1e-4, 1e-4, 0});
  };
  for (const int64_t step : {0, 1}) train(step);
  const NoWaiting no_waiting;
  for (const int64_t step : {2, 3}) {
    try {
      train(step);
    } catch (const c10::Error& error) {
      FAIL() << "in step " << step << ": " << error.what_without_backtrace();
    }
  }
}

}  // namespace
}  // namespace sslbench
