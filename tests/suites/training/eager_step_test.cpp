// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "suites/tensors/aten.h"
#include "suites/training/saving/state_hash.h"
#include "suites/training/step.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;

constexpr StepRates kRates{0.05, 0.05, 1e-3};

Tensor batch_of(int64_t step) { return at::arange(step, step + 32, at::kFloat).sin().view({8, 4}); }

PreparedStep prepared(const TinyModel& model, int64_t step) {
  const auto one = [&model, step](const Progress&) {
    const Tensor x = batch_of(step), y = model(x);
    return Loss{(y - x.sum(1, true)).pow(2).mean(), {{"mean", y.mean()}}, y};
  };
  return {one, {}};
}

// The global clipping with its factor on the host, as torch.nn.utils.clip_grad_norm_ has it.
void clip_on_host(const std::vector<NamedTensor>& parameters, double max_norm) {
  const at::NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters) gradients.push_back(parameter.grad());
  const double norm = at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
  if (const double factor = max_norm / (norm + 1e-6); factor < 1) at::_foreach_mul_(gradients, factor);
}

struct Both {
  explicit Both(const TrainSettings& settings) : settings(settings) {}

  // Ten steps by the class, and ten by hand with every value read on the host; returns the hashes of both states.
  std::pair<std::string, std::string> run() const {
    TinyModel one{at::detail::createCPUGenerator(7)}, other{at::detail::createCPUGenerator(7)};
    const TrainTask task{.module = one};
    Step step(task, settings, at::kCPU);
    const auto parameters = other.trainable();
    const auto optimizer = make_optimizer(settings.optimizer, parameters);
    for (int64_t i = 0; i < 10; ++i) {
      step(prepared(one, i), {i, 10, 5}, kRates);
      for (const auto& [name, parameter] : parameters) parameter.mutable_grad() = Tensor();
      prepared(other, i).loss({i, 10, 5}).total.backward();
      if (settings.clip_norm > 0) clip_on_host(parameters, settings.clip_norm);
      optimizer->step(kRates);
    }
    auto left = one.state(), right = other.state();
    for (const NamedTensor& named : step.state()) left.push_back(named);
    for (const auto& [name, tensor] : optimizer->state()) right.emplace_back("optimizer." + name, tensor);
    return {state_hash(left, 10), state_hash(right, 10)};
  }

  TrainSettings settings;
};

TEST(EagerStepTest, GivesTheBitsOfALoopThatReadsEveryValue) {
  for (const char* name : {"sgd", "adam", "adamw", "lars", "lamb"}) {
    for (const double clip_norm : {0.0, 1e-3, 0.7, 1e3}) {
      TrainSettings settings;
      settings.optimizer.name = name;
      settings.clip_norm = clip_norm;
      const auto [step, by_hand] = Both(settings).run();
      EXPECT_EQ(step, by_hand) << name << ", clip_norm " << clip_norm;
    }
  }
}

TEST(EagerStepTest, ClipsEveryGradientToTheBitsOfAFactorOnTheHost) {
  for (int64_t i = 1; i < 200; ++i) {
    std::vector<NamedTensor> one, other;
    for (auto* parameters : {&one, &other}) {
      for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{}, {1}, {37}, {5, 9}}) {
        Tensor parameter = at::zeros(sizes).set_requires_grad(true);
        parameter.mutable_grad() = (at::arange(parameter.numel(), at::kFloat).view(sizes) + 0.3 * i).sin() * i;
        parameters->emplace_back("p", parameter);
      }
    }
    const double max_norm = 0.37 * static_cast<double>(i);
    const Tensor norm = clip_gradients(one, max_norm);
    clip_on_host(other, max_norm);
    EXPECT_EQ(norm.dim(), 0);
    for (size_t p = 0; p < one.size(); ++p) {
      ASSERT_TRUE(at::equal(one[p].second.grad(), other[p].second.grad())) << "max_norm " << max_norm << ", " << p;
    }
  }
}

TEST(EagerStepTest, LeavesTensorsWithoutGradient) {
  TinyModel model{at::detail::createCPUGenerator(7)};
  const TrainTask task{.module = model};
  const StepOutcome outcome = Step(task, {}, at::kCPU)(prepared(model, 0), {0, 10, 5}, kRates);
  EXPECT_EQ(outcome.loss.total.dim(), 0);
  EXPECT_EQ(outcome.gradient_norm.dim(), 0);
  for (const Tensor& tensor :
       {outcome.loss.total, outcome.loss.terms[0].second, outcome.loss.embedding_ND, outcome.gradient_norm}) {
    EXPECT_FALSE(tensor.requires_grad());
  }
}

TEST(EagerStepTest, CallsTheTaskBeforeAndAfterTheUpdateWithTheStepsDoneThen) {
  TinyModel model{at::detail::createCPUGenerator(7)};
  const Tensor weight = model.trainable()[0].second, before = weight.detach().clone();
  std::vector<std::string> calls;
  const auto call = [&](const std::string& name, const Progress& progress) {
    calls.push_back(name + " " + std::to_string(progress.step) + (at::equal(weight, before) ? "" : " updated"));
  };
  const TrainTask task{.module = model,
                       .after_backward = [&](const Progress& progress) { call("backward", progress); },
                       .after_step = [&](const Progress& progress) { call("step", progress); }};
  Step(task, {}, at::kCPU)(prepared(model, 0), {3, 10, 5}, kRates);
  EXPECT_THAT(calls, ElementsAre("backward 3", "step 4 updated"));
}

TEST(EagerStepTest, LeavesAParameterWhoseGradientIsDropped) {
  TinyModel model{at::detail::createCPUGenerator(7)};
  const Tensor weight = model.trainable()[0].second, before = weight.detach().clone();
  const TrainTask task{.module = model, .after_backward = [&](const Progress&) { weight.mutable_grad() = Tensor(); }};
  Step(task, {}, at::kCPU)(prepared(model, 0), {0, 10, 5}, kRates);
  EXPECT_TRUE(at::equal(weight, before));
}

}  // namespace
}  // namespace sslbench
