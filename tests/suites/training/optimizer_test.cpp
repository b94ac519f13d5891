// SPDX-License-Identifier: Apache-2.0
// What optimizers promise beyond published trajectories, which tests/golden checks.
#include "suites/training/optimizer.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr const char* kNames[] = {"sgd", "adam", "adamw", "lars", "lamb"};

Tensor leaf(const Tensor& value, const Tensor& gradient) {
  const Tensor out = value.clone().set_requires_grad(true);
  out.mutable_grad() = gradient.clone();
  return out;
}

Tensor ones(at::IntArrayRef shape) { return leaf(at::ones(shape), at::ones(shape)); }

double moved(const Tensor& parameter) { return 1 - parameter.flatten()[0].item<double>(); }

OptimizerSettings plain(const std::string& name) {
  OptimizerSettings out{name, 0.1, 0.9};
  out.lamb_clip_norm = 0;
  return out;
}

TEST(OptimizerTest, AGradientInAnotherLayoutGivesTheSameUpdate) {
  const Tensor start = at::arange(2 * 3 * 4 * 4, at::kFloat).view({2, 3, 4, 4}).sin();
  const Tensor gradient = at::arange(start.numel(), at::kFloat).view(start.sizes()).cos();
  for (const char* name : kNames) {
    std::vector<Tensor> ended;
    for (const auto layout : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
      const Tensor parameter = start.clone().set_requires_grad(true);
      parameter.mutable_grad() = gradient.clone(layout);
      make_optimizer(plain(name), std::vector<NamedTensor>{{"p", parameter}})->step(0.1);
      ended.push_back(parameter.detach());
    }
    EXPECT_TRUE(ended[0].allclose(ended[1], 1e-6, 1e-7)) << name;
    EXPECT_FALSE(ended[0].equal(start)) << name;
  }
}

TEST(OptimizerTest, AParameterWithoutGradientIsLeftAlone) {
  for (const char* name : kNames) {
    const Tensor still = at::ones({2, 2}).set_requires_grad(true), moving = ones({2, 2});
    make_optimizer(plain(name), std::vector<NamedTensor>{{"a", still}, {"b", moving}})->step(0.1);
    EXPECT_EQ(moved(still), 0) << name;
    EXPECT_NE(moved(moving), 0) << name;
  }
}

TEST(OptimizerTest, RatesFollowTheRuleOfEachParameter) {
  for (const char* name : kNames) {
    const Tensor usual = ones({2, 2}), half = ones({2, 2}), constant = ones({2, 2});
    make_optimizer(plain(name), std::vector<OptimizerParameter>{{"usual", usual},
                                                                {"half", half, {.rate_scale = 0.5}},
                                                                {"constant", constant, {.constant_rate = true}}})
        ->step({.learning_rate = 0.01, .peak_rate = 0.03, .weight_decay = 0});
    EXPECT_NEAR(moved(half), moved(usual) / 2, 1e-6) << name;
    EXPECT_NEAR(moved(constant), moved(usual) * 3, 1e-6) << name;
  }
}

TEST(OptimizerTest, WeightDecayFollowsTheStepAndLeavesOutWhatIsNamed) {
  OptimizerSettings settings{"adamw", 0.5, 0, false};
  settings.undecayed = {"cls_token"};
  const auto still = [](at::IntArrayRef shape) { return leaf(at::ones(shape), at::zeros(shape)); };
  const Tensor weight = still({2, 2}), bias = still({2}), token = still({1, 1, 2}), ruled = still({2, 2});
  const auto optimizer = make_optimizer(settings, std::vector<OptimizerParameter>{{"backbone.weight", weight},
                                                                                  {"backbone.bias", bias},
                                                                                  {"backbone.cls_token", token},
                                                                                  {"ruled", ruled, {.decays = false}}});
  optimizer->step({.learning_rate = 0.1, .peak_rate = 0.1, .weight_decay = 0.2});
  EXPECT_NEAR(moved(weight), 0.02, 1e-6);
  for (const Tensor& tensor : {bias, token, ruled}) EXPECT_EQ(moved(tensor), 0);
  optimizer->step(0.1);  // the settings' own decay
  EXPECT_NEAR(moved(weight), 1 - 0.98 * 0.95, 1e-6);
}

TEST(OptimizerTest, NormsAndBiasesAreWhatTheChosenRuleSays) {
  using enum NormsAndBiases;
  EXPECT_TRUE(is_norm_or_bias(below_2d, "scale", 0));
  EXPECT_FALSE(is_norm_or_bias(exactly_1d, "scale", 0));
  EXPECT_FALSE(is_norm_or_bias(below_2d, "attn.bias", 2));
  EXPECT_TRUE(is_norm_or_bias(below_2d_or_bias, "attn.bias", 2));
  EXPECT_TRUE(is_norm_or_bias(named, "layer1.0.bn2.weight", 1));
  EXPECT_FALSE(is_norm_or_bias(named, "cls_token", 3));
}

// Also the second half of a training: state by name is all that an optimizer knows.
TEST(OptimizerTest, GoesOnFromItsStateAlone) {
  for (const char* name : kNames) {
    OptimizerSettings settings = plain(name);
    settings.dampening = settings.name == "sgd" || settings.name == "lars" ? 0.1 : 0;
    settings.amsgrad = true;
    const Tensor straight = ones({3, 2}), resumed = ones({3, 2});
    const auto first = make_optimizer(settings, std::vector<NamedTensor>{{"p", straight}});
    const auto step = [](Optimizer& optimizer, const Tensor& parameter, double at) {
      parameter.mutable_grad() = at::arange(6, at::kFloat).view({3, 2}).add(at).sin();
      optimizer.step(0.1);
    };
    for (int t = 0; t < 3; ++t) step(*first, straight, t);
    const auto second = make_optimizer(settings, std::vector<NamedTensor>{{"p", resumed}});
    {
      const at::NoGradGuard no_grad;
      resumed.copy_(straight);
    }
    EXPECT_EQ(copy_tensors(first->state(), second->state()), "");
    for (int t = 3; t < 6; ++t) step(*first, straight, t), step(*second, resumed, t);
    EXPECT_TRUE(straight.equal(resumed)) << name;
  }
}

// Of parameters with rules of their own, under rates that change; all exact in float32.
std::vector<Tensor> after_steps(const OptimizerSettings& settings, bool held) {
  std::vector<OptimizerParameter> parameters;
  for (const ParameterRule& rule : {ParameterRule{}, {.rate_scale = 0.5}, {.constant_rate = true}, {.decays = false}}) {
    for (const int64_t size : {7, 33}) {
      const Tensor start = at::arange(size * 3, at::kFloat).view({size, 3}).sin();
      parameters.push_back({std::to_string(parameters.size()), start.set_requires_grad(true), rule});
    }
  }
  const auto optimizer = make_optimizer(settings, parameters);
  for (int64_t step = 0; step < 5; ++step) {
    for (const OptimizerParameter& each : parameters) {
      each.tensor.mutable_grad() = (each.tensor.detach() + static_cast<double>(step)).cos();
    }
    const StepRates rates{0.125 / static_cast<double>(1 + step % 2), 0.25, 0.03125};
    if (held) optimizer->hold(rates);
    held ? optimizer->step_held() : optimizer->step(rates);
  }
  std::vector<Tensor> out;
  for (const OptimizerParameter& each : parameters) out.push_back(each.tensor.detach());
  for (const auto& [name, tensor] : optimizer->state()) out.push_back(tensor);
  return out;
}

TEST(OptimizerTest, HeldRatesGiveTheBitsOfNumbers) {
  std::vector<OptimizerSettings> all = {plain("sgd"), plain("adam"), plain("adamw"), plain("lars")};
  all[0].nesterov = true, all[2].amsgrad = true;
  all.push_back(plain("sgd"));
  all.back().momentum = 0;
  for (const OptimizerSettings& settings : all) {
    ASSERT_EQ(why_not_held(settings), "") << settings.name;
    const auto numbers = after_steps(settings, false), held = after_steps(settings, true);
    ASSERT_EQ(numbers.size(), held.size());
    for (size_t i = 0; i < numbers.size(); ++i) EXPECT_TRUE(at::equal(numbers[i], held[i])) << settings.name << i;
  }
}

TEST(OptimizerTest, SaysWhyItCannotHoldRates) {
  OptimizerSettings dampened = plain("sgd"), clipped = plain("lars"), popular = plain("lars");
  dampened.dampening = 0.1, clipped.lars_clip = true, popular.lars_variant = LarsVariant::simclr_popular;
  for (const OptimizerSettings& settings : {plain("lamb"), dampened, clipped, popular}) {
    EXPECT_NE(why_not_held(settings), "") << settings.name;
  }
}

TEST(OptimizerTest, SettingsThatExcludeEachOtherAreMistakes) {
  OptimizerSettings settings{"sgd", 0, 0};
  settings.nesterov = true;
  EXPECT_THROW(check_optimizer(settings), UserError);
  EXPECT_THROW(check_optimizer({"sgdm"}), UserError);
}

TEST(OptimizerTest, ClippingEachGradientLeavesSmallOnesAlone) {
  const std::vector<NamedTensor> parameters = {{"large", leaf(at::ones({4}), at::full({4}, 3.0))},
                                               {"small", leaf(at::ones({4}), at::full({4}, 0.1))}};
  EXPECT_NEAR(clip_gradients(parameters, 1, Clipping::per_parameter).item<double>(), std::sqrt(36.04), 1e-5);
  EXPECT_NEAR(parameters[0].second.grad().norm().item<double>(), 1, 1e-5);
  EXPECT_NEAR(parameters[1].second.grad().norm().item<double>(), 0.2, 1e-6);
}

}  // namespace
}  // namespace sslbench
