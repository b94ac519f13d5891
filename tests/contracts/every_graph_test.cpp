// SPDX-License-Identifier: Apache-2.0
// Every method's training step, captured and replayed, against the same step called operator by operator: bit for bit.
// On the CPU with recorded operators in place of a graph (tests/suites/training/graphs/recorded_graph.h);
// scripts/gpu-check runs the same with CUDA graphs where there is a GPU.
#include <gmock/gmock.h>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/method.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/captured_step.h"
#include "suites/training/device_meter.h"
#include "suites/training/saving/state_hash.h"
#include "tests/contracts/method_names.h"
#include "tests/methods/backbones/random_backbones.h"
#include "tests/suites/training/graphs/recorded_graph.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kBatch = 16, kImages = 96, kSteps = 12;

// Methods whose steps are called operator by operator with their tiny settings, and what their notes say.
const char* const kMadeOnHost = "a tensor that the host makes goes to the device within the step";
const char* const kOtherShapes = "graph: 0 of 12 steps were replayed";  // in every step
const std::map<std::string, std::string> kCalled = {
    {"deepcluster_v2", kMadeOnHost},
    {"ibot", kOtherShapes},
    {"mmcr", "LibTorch looks whether its solver for singular values has converged"},
    {"moco_v2", kMadeOnHost},
    {"w_mse", kMadeOnHost}};

TrainSettings settings_of(Precision precision) {
  TrainSettings out;
  out.clip_norm = 1;
  out.precision = precision;
  return out;
}

class Trained {
 public:
  Trained(const std::string& name, BackboneChoice backbone, at::Device device, TrainSettings settings, bool captured)
      : entry_(Registry<MethodEntry>::find(name)), device_(device), settings_(std::move(settings)) {
    const MethodInput input{.classes = 10, .examples = kImages, .image_size = 32, .views = entry_.views};
    method_ = make_method(name, entry_.tiny, backbone, input, 0);
    method_->place(device);
    task_.emplace(
        TrainTask{.module = *method_,
                  .after_backward = [this](const Progress& progress) { method_->after_backward(progress); },
                  .after_step = [this](const Progress& progress) { method_->after_step(progress); },
                  .host_values = [this](const Progress& progress) { return method_->host_values(progress); }});
    step_ = captured ? std::make_unique<CapturedStep>(*task_, settings_, device, engine())
                     : std::make_unique<Step>(*task_, settings_, device);
    if (!method_->observes_first()) return;
    const at::NoGradGuard no_grad;
    TrainBatch all = batch(0, kImages, 0);
    move_batch(all, device_);
    method_->observe(all);
  }

  // The hash of all state after every step, and of the losses.
  std::vector<std::string> run() {
    std::vector<std::string> out;
    std::vector<Tensor> losses;
    for (int64_t i = 0; i < kSteps; ++i) {
      losses.push_back(one(i).loss.total);
      out.push_back(state_hash(state(), i));
    }
    out.push_back(state_hash({{"losses", at::stack(losses)}}, 0));
    return out;
  }
  std::string note() const { return step_->note(); }

 private:
  std::unique_ptr<GraphEngine> engine() {
    if (device_.is_cuda()) return cuda_graphs(device_);
    return std::make_unique<RecordedGraphs>([this] { return state(); });
  }

  std::vector<NamedTensor> state() const {
    auto out = method_->state();
    for (const NamedTensor& named : step_->state()) out.push_back(named);
    return out;
  }

  TrainBatch batch(int64_t first, int64_t count, int64_t step) const {
    static const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", kImages}}, Split::train, ""));
    const Settings defaults("views", view_options(), nlohmann::json::object());
    const ViewPlan views{view_recipes_from(defaults, {entry_.views, 32}), {}, 0, {}, device_.is_cuda()};
    std::vector<int64_t> samples;
    for (int64_t i = 0; i < count; ++i) samples.push_back((first + i) % kImages);
    TrainBatch out = make_views(images, samples, step / kStepsPerEpoch, views);
    method_->draw_for(out, step);
    return out;
  }

  StepOutcome one(int64_t number) {
    TrainBatch now = batch(number * kBatch, kBatch, number);
    PreparedStep prepared{[&](const Progress& progress) {
                            method_->begin_step({0, now.epoch, now.samples});
                            move_batch(now, device_);
                            return method_->loss(now, progress);
                          },
                          {}};
    prepared.tensors = tensors_of(now);
    const double rate = 0.0009765625 / static_cast<double>(1 + number % 2);  // exact in float32
    return (*step_)(prepared, {number, kSteps, kStepsPerEpoch}, {rate, rate, 0.0001220703125});
  }

  static constexpr int64_t kStepsPerEpoch = kImages / kBatch;

  const MethodEntry& entry_;
  at::Device device_;
  TrainSettings settings_;
  std::unique_ptr<Method> method_;
  std::optional<TrainTask> task_;
  std::unique_ptr<Step> step_;
};

// Trains it both ways and returns the note of the captured one.
std::string note_of_the_same(const std::string& name, const BackboneChoice& backbone, at::Device device,
                             Precision precision) {
  Trained captured(name, backbone, device, settings_of(precision), true);
  Trained called(name, backbone, device, settings_of(precision), false);
  const auto one = captured.run(), other = called.run();
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i], other[i]) << "step " << i << "; " << captured.note();
  return captured.note();
}

BackboneChoice tiny_of(const std::string& backbone) { return {backbone, Registry<BackboneEntry>::find(backbone).tiny}; }

void expect_the_same(const std::string& name, at::Device device, Precision precision) {
  const bool needs_vit = Registry<MethodEntry>::find(name).needs_vit;
  const std::string note = note_of_the_same(name, tiny_of(needs_vit ? "vit_tiny" : "resnet18"), device, precision);
  const auto known = kCalled.find(name);
  EXPECT_THAT(note, HasSubstr(known == kCalled.end() ? "12 steps were replayed" : known->second));
  if (known == kCalled.end()) {
    EXPECT_THAT(note, Not(HasSubstr(kOtherShapes)));
  }
}

class EveryGraphTest : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, EveryGraphTest, ::testing::ValuesIn(method_names(WhichMethods::trained)),
                         [](const auto& info) { return info.param; });

TEST_P(EveryGraphTest, GivesTheBitsOfStepsThatAreCalled) { expect_the_same(GetParam(), at::kCPU, Precision::fp32); }

TEST_P(EveryGraphTest, GivesTheBitsOfStepsThatAreCalledOnAGpu) {
  try {
    load_cuda(0);
  } catch (const UserError& error) {
    GTEST_SKIP() << error.what();
  }
  for (const Precision precision : {Precision::fp32, Precision::bf16}) {
    expect_the_same(GetParam(), at::Device("cuda:0"), precision);
  }
}

// On the CPU.
TEST(EveryBackboneGraphTest, GivesTheBitsOfStepsThatAreCalled) {
  for (const auto& [backbone, chosen] : backbone_families()) {
    const std::string note = note_of_the_same("simclr", tiny_of(backbone), at::kCPU, Precision::fp32);
    const bool captured = !backbone.starts_with("xcit");  // whose positions the host makes
    EXPECT_THAT(note, HasSubstr(captured ? "9 of 12 steps were replayed" : kMadeOnHost)) << backbone;
  }
}

TEST(EveryBackboneGraphTest, DropPathIsDrawnInEveryStep) {
  BackboneChoice vit = tiny_of("vit_tiny");
  vit.settings["drop_path"] = 0.5;
  EXPECT_THAT(note_of_the_same("simclr", vit, at::kCPU, Precision::fp32), HasSubstr(kMadeOnHost));
}

}  // namespace
}  // namespace sslbench
