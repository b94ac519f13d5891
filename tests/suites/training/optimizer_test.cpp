// SPDX-License-Identifier: Apache-2.0
#include "suites/training/optimizer.h"

#include <gtest/gtest.h>

#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

// Replays a golden trajectory and compares the parameters after every step.
void expect_trajectory(const std::string& file, OptimizerSettings settings) {
  const GoldenCase golden(file);
  settings.weight_decay = golden.settings().at("weight_decay");
  settings.momentum = golden.settings().value("momentum", 0.0);
  std::vector<NamedTensor> parameters;
  for (size_t j = 0; golden.has("in.p" + std::to_string(j)); ++j) {
    parameters.emplace_back("p" + std::to_string(j), golden.leaf("in.p" + std::to_string(j)));
  }
  const auto optimizer = make_optimizer(settings, parameters);
  const Tensor rates = golden.at("in.lr");
  std::vector<std::vector<Tensor>> path(parameters.size());
  for (int64_t t = 0; t < rates.size(0); ++t) {
    for (size_t j = 0; j < parameters.size(); ++j) {
      parameters[j].second.mutable_grad() = golden.at("in.g" + std::to_string(j))[t].clone();
    }
    optimizer->step(rates[t].item<double>());
    for (size_t j = 0; j < parameters.size(); ++j) path[j].push_back(parameters[j].second.detach().clone());
  }
  for (size_t j = 0; j < parameters.size(); ++j) golden.expect("out.p" + std::to_string(j), at::stack(path[j]));
}

TEST(OptimizerTest, SgdFollowsTorchs) {
  for (const std::string& file : golden_files("optim", "sgd")) expect_trajectory(file, {"sgd"});
}
TEST(OptimizerTest, AdamFollowsTorchs) {
  for (const std::string& file : golden_files("optim", "adam")) expect_trajectory(file, {"adam"});
}
TEST(OptimizerTest, AdamWFollowsTorchs) {
  for (const std::string& file : golden_files("optim", "adamw")) expect_trajectory(file, {"adamw"});
}

TEST(OptimizerTest, ClippingFollowsTorchs) {
  for (const std::string& file : golden_files("optim", "clip_grad")) {
    const GoldenCase golden(file);
    std::vector<NamedTensor> parameters;
    for (size_t j = 0; golden.has("in.g" + std::to_string(j)); ++j) {
      const Tensor gradient = golden.at("in.g" + std::to_string(j)).clone();
      parameters.emplace_back("p", at::zeros_like(gradient).set_requires_grad(true));
      parameters.back().second.mutable_grad() = gradient;
    }
    golden.expect("out.norm", at::full({}, clip_gradients(parameters, golden.settings().at("max_norm"))));
    for (size_t j = 0; j < parameters.size(); ++j) {
      golden.expect("out.g" + std::to_string(j), parameters[j].second.grad());
    }
  }
}

TEST(OptimizerTest, AGradientInAnotherLayoutGivesTheSameUpdate) {
  const Tensor start = at::arange(2 * 3 * 4 * 4, at::kFloat).view({2, 3, 4, 4}).sin();
  const Tensor gradient = at::arange(start.numel(), at::kFloat).view(start.sizes()).cos();
  std::vector<Tensor> ended;
  for (const auto layout : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    const Tensor parameter = start.clone().set_requires_grad(true);
    parameter.mutable_grad() = gradient.contiguous(layout);
    const auto optimizer = make_optimizer({"adamw"}, {{"p", parameter}});
    optimizer->step(0.1);
    ended.push_back(parameter.detach());
  }
  EXPECT_TRUE(ended[0].equal(ended[1]));
}

TEST(OptimizerTest, NormsAndBiasesCanBeLeftUndecayed) {
  const Tensor weight = at::ones({2, 2}).set_requires_grad(true), bias = at::ones({2}).set_requires_grad(true);
  for (const Tensor& tensor : {weight, bias}) tensor.mutable_grad() = at::zeros_like(tensor);
  OptimizerSettings settings{"adamw", 0.5, 0, false};
  make_optimizer(settings, {{"weight", weight}, {"bias", bias}})->step(0.1);
  EXPECT_NEAR(weight.max().item<double>(), 0.95, 1e-6);
  EXPECT_EQ(bias.max().item<double>(), 1);
}

}  // namespace
}  // namespace sslbench
