// SPDX-License-Identifier: Apache-2.0
#include "suites/training/layer_decay.h"

#include <gtest/gtest.h>

#include "datasets/batches/aten.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

TEST(LayerDecayTest, BlocksOfAResNetAreItsLayers) {
  const Layers layers =
      layers_of({"conv1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.1.conv1.weight",
                 "layer2.0.conv1.weight", "layer2.0.downsample.0.weight", "fc.weight"},
                false);
  EXPECT_EQ(layers.numbers, (std::vector<int64_t>{0, 0, 1, 1, 2, 3, 3, 4}));
  EXPECT_EQ(layers.depth, 3);
}

TEST(LayerDecayTest, ScalesTheBackboneOnTopOfTheMethodsRules) {
  const Tensor tensor = at::ones({1});
  const auto parameters = optimizer_parameters({{"backbone.cls_token", tensor},
                                                {"backbone.blocks.0.attn.weight", tensor},
                                                {"backbone.norm.weight", tensor},
                                                {"predictor.blocks.0.weight", tensor}},
                                               [](const std::string& name) -> ParameterRule {
                                                 return {.rate_scale = name.starts_with("backbone.blocks") ? 4.0 : 1.0};
                                               },
                                               {0.5});
  std::vector<double> scales;
  for (const auto& parameter : parameters) scales.push_back(parameter.rule.rate_scale);
  EXPECT_EQ(scales, (std::vector<double>{0.25, 2, 1, 1}));
}

TEST(LayerDecayTest, ABackboneWithoutBlocksIsAMistakeOnlyWhenItIsAskedFor) {
  const std::vector<NamedTensor> trainable = {{"backbone.conv1.weight", at::ones({1})}};
  EXPECT_EQ(optimizer_parameters(trainable, {}, {1}).at(0).rule.rate_scale, 1);
  EXPECT_THROW(optimizer_parameters(trainable, {}, {0.75}), UserError);
}

}  // namespace
}  // namespace sslbench
