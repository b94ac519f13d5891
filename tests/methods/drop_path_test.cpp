// SPDX-License-Identifier: Apache-2.0
#include "methods/drop_path.h"

#include <gtest/gtest.h>

#include "methods/backbone.h"
#include "suites/ground/error.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/random_backbones.h"

namespace sslbench {
namespace {

std::vector<int64_t> first_samples(int64_t count) {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < count; ++i) out.push_back(i);
  return out;
}

TEST(DropPathTest, RatesGrowLinearlyAndKeptBranchesAreScaledUp) {
  DropPath drop(0.5, 3, 2);
  drop.begin_step({1, 0, first_samples(20000)});
  const Tensor factors = drop.draw(20000, at::kCPU);
  EXPECT_EQ(factors.sizes().vec(), (std::vector<int64_t>{6, 20000}));
  const std::vector<double> rates = {0, 0, 0.25, 0.25, 0.5, 0.5};
  for (size_t i = 0; i < rates.size(); ++i) {
    const Tensor row = factors[static_cast<int64_t>(i)];
    EXPECT_NEAR(row.eq(0).to(at::kFloat).mean().item<double>(), rates[i], 0.015);
    EXPECT_NEAR(row.max().item<double>(), 1 / (1 - rates[i]), 1e-6);
    EXPECT_NEAR(row.mean().item<double>(), 1, 0.03);
  }
}

TEST(DropPathTest, WhatIsDroppedDependsOnTheSampleNotOnItsBatch) {
  DropPath drop(0.5, 8, 2);
  drop.begin_step({1, 4, {10, 11, 12, 13}});
  const Tensor whole = drop.draw(4, at::kCPU), second_view = drop.draw(4, at::kCPU);
  drop.begin_step({1, 4, {12, 13}});
  EXPECT_TRUE(drop.draw(2, at::kCPU).equal(whole.narrow(1, 2, 2)));
  EXPECT_FALSE(second_view.equal(whole));
  drop.begin_step({1, 4, {10, 11, 12, 13}});
  EXPECT_TRUE(drop.draw(8, at::kCPU).equal(at::cat({whole, second_view}, 1)));
  drop.begin_step({1, 5, {10, 11, 12, 13}});
  EXPECT_FALSE(drop.draw(4, at::kCPU).equal(whole));
}

TEST(DropPathTest, IsOffInEvaluationAndAtRate0AndNeedsAKeyInTraining) {
  DropPath off(0, 4, 2), on(0.5, 4, 2);
  EXPECT_FALSE(off.draw(4, at::kCPU).defined());
  EXPECT_THROW(on.draw(4, at::kCPU), InternalError);
  on.train(false);
  EXPECT_FALSE(on.draw(4, at::kCPU).defined());
}

TEST(DropPathTest, NetworksDropInTrainingOnlyAndFrozenOnesNever) {
  for (const auto& [name, entry] : backbone_families()) {
    nlohmann::json settings = entry.tiny;
    settings["drop_path"] = 0.9;
    if (entry.make == nullptr || std::none_of(entry.options.begin(), entry.options.end(),
                                              [](const Option& option) { return option.name == "drop_path"; }))
      continue;
    at::Generator generator = at::detail::createCPUGenerator(0);
    const auto net = make_backbone(name, settings, generator);
    {
      const at::NoGradGuard no_grad;  // layer scales of 1e-6 would hide everything
      for (const auto& [parameter, tensor] : net->parameters()) {
        if (parameter.ends_with("layer_scale") || parameter.find("gamma") != std::string::npos) tensor.fill_(1);
      }
    }
    const Tensor x = formula_image(4, 32, 32, 0, 1);
    net->train(false);
    const Tensor plain = net->features(x);
    EXPECT_TRUE(net->features(x).equal(plain)) << name;
    net->train(true);
    net->begin_step({1, 0, {0, 1, 2, 3}});
    const Tensor dropped = net->features(x);
    EXPECT_FALSE(dropped.allclose(plain)) << name;
    net->begin_step({1, 0, {0, 1, 2, 3}});
    EXPECT_TRUE(net->features(x).equal(dropped)) << name;
    net->freeze();
    net->begin_step({1, 0, {0, 1, 2, 3}});
    const Tensor frozen = net->features(x);
    EXPECT_FALSE(frozen.equal(dropped)) << name;
    const bool has_batch_norm = !net->buffers().empty();  // which sees the batch all the same
    // Not to the last bit: where no gradient is asked for, LibTorch may take another attention kernel (Swin's bias).
    EXPECT_TRUE(has_batch_norm || frozen.allclose(plain, 1e-4, 1e-5)) << name;
  }
}

}  // namespace
}  // namespace sslbench
