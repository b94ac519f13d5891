// SPDX-License-Identifier: Apache-2.0
// What every registered method promises: a new one is tested before its author writes a test.
#include <gtest/gtest.h>

#include "datasets/batches/resident_images.h"
#include "datasets/installed.h"
#include "methods/method.h"
#include "methods/parts/autocast.h"
#include "suites/training/optimizer.h"
#include "suites/training/state_hash.h"
#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

const ResidentImages& images() {
  static const ResidentImages all(*open_dataset("shapes", {{"size", 32}, {"train_images", 96}}, Split::train, ""));
  return all;
}

std::unique_ptr<Method> build(const MethodEntry& entry, uint64_t seed = 0, const std::string& backbone = "resnet18") {
  const Settings settings("method '" + entry.name + "'", entry.options, nlohmann::json::object());
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const nlohmann::json size = {{"width", 8}};
  auto trunk = make_backbone(backbone, size, generator);
  auto method = entry.make({settings, std::move(trunk), generator, seed, 10, 32});
  method->place(at::kCPU);
  return method;
}

TrainBatch batch_of(const MethodEntry& entry, int64_t first, int64_t count, int64_t epoch = 0) {
  std::vector<int64_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back((first + i) % images().size());
  ViewPlan plan;
  plan.size = 32;
  plan.views = entry.views;
  plan.normalisation = {{0.5f, 0.5f, 0.5f}, {0.25f, 0.25f, 0.25f}};
  return make_views(images(), samples, epoch, plan);
}

std::vector<MethodEntry> trained_methods() {
  std::vector<MethodEntry> out;
  for (const auto& [name, entry] : Registry<MethodEntry>::all()) {
    if (entry.trains) out.push_back(entry);
  }
  return out;
}

// `steps` updates of Adam at 1e-3; returns the losses.
std::vector<double> train_steps(const MethodEntry& entry, Method& method, int steps, int64_t batch) {
  const auto parameters = method.trainable();
  const auto optimizer = make_optimizer({"adam", 0, 0, true}, parameters);
  std::vector<double> losses;
  for (int step = 0; step < steps; ++step) {
    for (const auto& [name, parameter] : parameters) parameter.mutable_grad() = Tensor();
    const Loss loss = method.loss(batch_of(entry, step * batch, batch, step));
    loss.total.backward();
    optimizer->step(1e-3);
    method.after_step({step + 1, steps});
    losses.push_back(loss.total.item<double>());
  }
  return losses;
}

TEST(EveryMethodTest, HasAFiniteLossOnEveryBackbone) {
  for (const MethodEntry& entry : trained_methods()) {
    for (const std::string& backbone : Registry<BackboneEntry>::names()) {
      const auto method = build(entry, 0, backbone);
      EXPECT_TRUE(std::isfinite(method->loss(batch_of(entry, 0, 8)).total.item<double>()))
          << entry.name << " on " << backbone;
    }
  }
}

TEST(EveryMethodTest, TakesBatchesOf2To17OrSaysWhyNot) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    for (int64_t size = 1; size <= 17; ++size) {
      try {
        EXPECT_TRUE(std::isfinite(method->loss(batch_of(entry, 0, size)).total.item<double>()))
            << entry.name << " " << size;
      } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("batch"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(EveryMethodTest, GivesEveryTrainableParameterAGradient) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    method->loss(batch_of(entry, 0, 16)).total.backward();
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

TEST(EveryMethodTest, StaysFiniteInBf16) {
  for (const MethodEntry& entry : trained_methods()) {
    const auto method = build(entry);
    const Autocast autocast(at::kCPU, true);
    const Loss loss = method->loss(batch_of(entry, 0, 16));
    EXPECT_EQ(loss.total.scalar_type(), at::kFloat) << entry.name;
    EXPECT_TRUE(std::isfinite(loss.total.item<double>())) << entry.name;
  }
}

TEST(EveryMethodTest, ReadsEverySettingItDeclares) {
  for (const auto& [name, entry] : Registry<MethodEntry>::all()) {
    const Settings settings("method", entry.options, nlohmann::json::object());
    at::Generator generator = at::detail::createCPUGenerator(0);
    auto trunk = make_backbone("convnet", nlohmann::json::object(), generator);
    entry.make({settings, std::move(trunk), generator, 0, 10, 32});
    EXPECT_TRUE(settings.unread().empty()) << name << " declares '" << settings.unread().front() << "' and ignores it";
    for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << name << "." << option.name;
    EXPECT_FALSE(entry.summary.empty()) << name;
  }
}

}  // namespace
}  // namespace sslbench
