// SPDX-License-Identifier: Apache-2.0
// What every registered method promises: a new one is tested before its author writes a test.
#include <gtest/gtest.h>

#include "datasets/batches/resident_images.h"
#include "datasets/installed.h"
#include "methods/method.h"
#include "methods/parts/autocast.h"
#include "methods/safetensors.h"
#include "suites/training/optimizer.h"
#include "suites/training/state_hash.h"
#include "tests/suites/spec/scratch_folder.h"

namespace sslbench {
namespace {

const ResidentImages& images() {
  static const ResidentImages all(*open_dataset("shapes", {{"size", 32}, {"train_images", 96}}, Split::train, ""));
  return all;
}

constexpr int64_t kSteps = 40;  // planned, for schedules

const nlohmann::json& small(const std::string& backbone) { return Registry<BackboneEntry>::find(backbone).tiny; }

// What the method sees with its own views at 32 px.
std::vector<ViewRecipe> recipes_of(const MethodEntry& entry) {
  const nlohmann::json preset = entry.presets.value("cifar", nlohmann::json::object());
  const Settings views("views", view_options(), preset.value("views", nlohmann::json::object()));
  return view_recipes_from(views, {entry.views, 32});
}

MethodInput input_of(const MethodEntry& entry) {
  const auto recipes = recipes_of(entry);
  MethodInput input{10, images().size(), 32};
  for (const ViewRecipe& recipe : recipes) ++(recipe.size == 32 ? input.views : input.local_views);
  input.local_size = recipes.empty() ? 0 : recipes.back().size;
  return input;
}

std::unique_ptr<Method> build(const MethodEntry& entry, uint64_t seed = 0, std::string backbone = "") {
  if (backbone.empty()) backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
  auto method = make_method(entry.name, entry.tiny, {backbone, small(backbone)}, input_of(entry), seed);
  method->place(at::kCPU);
  return method;
}

TrainBatch batch_of(const MethodEntry& entry, int64_t first, int64_t count, int64_t epoch = 0) {
  std::vector<int64_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back((first + i) % images().size());
  return make_views(images(), samples, epoch, {recipes_of(entry), {{0.5f, 0.5f, 0.5f}, {0.25f, 0.25f, 0.25f}}, 0});
}

std::vector<MethodEntry> trained_methods() {
  std::vector<MethodEntry> out;
  for (const auto& [name, entry] : Registry<MethodEntry>::all()) {
    if (entry.trains) out.push_back(entry);
  }
  return out;
}

constexpr int64_t kStepsPerEpoch = 4;

// A method that looks at its images before the first step sees those that the test will use.
void observe(const MethodEntry& entry, Method& method, int64_t images_seen = 96) {
  const at::NoGradGuard no_grad;
  if (method.observes_first()) method.observe(batch_of(entry, 0, images_seen));
}

Loss loss_of(const MethodEntry& entry, Method& method, int64_t first, int64_t count, int64_t step = 0) {
  return method.loss(batch_of(entry, first, count, step / kStepsPerEpoch), {step, kSteps, kStepsPerEpoch});
}

// `steps` updates of Adam at 1e-3; returns the losses.
std::vector<double> train_steps(const MethodEntry& entry, Method& method, int64_t steps, int64_t batch,
                                int64_t from = 0) {
  const auto parameters = method.trainable();
  const auto optimizer = make_optimizer({"adam", 0, 0, true}, parameters);
  std::vector<double> losses;
  if (from == 0) observe(entry, method);
  for (int64_t step = from; step < from + steps; ++step) {
    for (const auto& [name, parameter] : parameters) parameter.mutable_grad() = Tensor();
    const Loss loss = loss_of(entry, method, step * batch, batch, step);
    loss.total.backward();
    method.after_backward({step, kSteps, kStepsPerEpoch});
    optimizer->step(1e-3);
    method.after_step({step + 1, kSteps, kStepsPerEpoch});
    losses.push_back(loss.total.item<double>());
  }
  return losses;
}

TEST(EveryMethodTest, HasAFiniteLossOnEveryBackbone) {
  for (const MethodEntry& entry : trained_methods()) {
    for (const std::string& backbone : Registry<BackboneEntry>::names()) {
      if (entry.needs_vit && !backbone.starts_with("vit")) continue;
      const auto method = build(entry, 0, backbone);
      observe(entry, *method);
      EXPECT_TRUE(std::isfinite(loss_of(entry, *method, 0, 8).total.item<double>()))
          << entry.name << " on " << backbone;
    }
  }
}

TEST(EveryMethodTest, TakesBatchesOf2To17OrSaysWhyNot) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    observe(entry, *method);
    for (int64_t size = 1; size <= 17; ++size) {
      try {
        EXPECT_TRUE(std::isfinite(loss_of(entry, *method, 0, size).total.item<double>())) << entry.name << " " << size;
      } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("batch"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(EveryMethodTest, GivesEveryTrainableParameterAGradient) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    observe(entry, *method);
    loss_of(entry, *method, 0, 16).total.backward();
    for (const auto& [name, parameter] : method->trainable()) {
      ASSERT_TRUE(parameter.grad().defined()) << entry.name << ": " << name;
      EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>()) << entry.name << ": " << name;
    }
  }
}

TEST(EveryMethodTest, LearnsSomethingIn30Steps) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    const auto losses = train_steps(entry, *method, 30, 32);
    const auto mean = [](auto from, auto to) {
      return std::accumulate(from, to, 0.0) / static_cast<double>(to - from);
    };
    EXPECT_LT(mean(losses.end() - 5, losses.end()), mean(losses.begin(), losses.begin() + 5)) << entry.name;
  }
}

TEST(EveryMethodTest, RepeatsBitForBitFromASeed) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto first = build(entry, 5), second = build(entry, 5);
    train_steps(entry, *first, 3, 16);
    train_steps(entry, *second, 3, 16);
    EXPECT_EQ(state_hash(first->state(), 3), state_hash(second->state(), 3)) << entry.name;
  }
}

// Queues, centres, prototypes, teachers and schedules are all in the state, or follow from the step.
TEST(EveryMethodTest, GoesOnFromItsStateAloneInMidEpoch) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto first = build(entry, 5), second = build(entry, 5);
    train_steps(entry, *first, 6, 16);
    ASSERT_EQ(copy_tensors(first->state(), second->state()), "") << entry.name;
    train_steps(entry, *first, 3, 16, 6);
    train_steps(entry, *second, 3, 16, 6);
    EXPECT_EQ(state_hash(first->state(), 9), state_hash(second->state(), 9)) << entry.name;
  }
}

TEST(EveryMethodTest, StaysFiniteInBf16) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    const Autocast autocast(at::kCPU, true);
    observe(entry, *method);
    const Loss loss = loss_of(entry, *method, 0, 16);
    EXPECT_EQ(loss.total.scalar_type(), at::kFloat) << entry.name;
    EXPECT_TRUE(std::isfinite(loss.total.item<double>())) << entry.name;
  }
}

TEST(EveryMethodTest, ReadsEverySettingItDeclares) {
  for (const auto& [name, entry] : Registry<MethodEntry>::all()) {
    at::Generator generator = at::detail::createCPUGenerator(0);
    const std::string backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
    const auto trunk = [&] { return make_backbone(backbone, small(backbone), generator); };
    const ScratchFolder scratch;
    const std::string weights = scratch.path() / "weights.safetensors";
    nlohmann::json given = entry.tiny;
    for (const Option& option : entry.options) {
      if (option.type != OptionType::file) continue;
      write_safetensors({trunk()->state(), {}}, weights);
      given[option.name] = weights;
    }
    const Settings settings("method", entry.options, given);
    const MethodInput input = input_of(entry);
    entry.make({settings, input, trunk(), generator, trunk, 0});
    EXPECT_TRUE(settings.unread().empty()) << name << " declares '" << settings.unread().front() << "' and ignores it";
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
    EXPECT_FALSE(entry.summary.empty()) << name;
  }
}

}  // namespace
}  // namespace sslbench
