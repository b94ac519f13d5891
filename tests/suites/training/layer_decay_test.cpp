// SPDX-License-Identifier: Apache-2.0
#include "suites/training/layer_decay.h"

#include <gtest/gtest.h>

#include <fstream>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

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

TEST(LayerDecayTest, LayerNumbersOfAViTGiveThePublishedLearningRateScales) {
  std::ifstream in(std::string(SSLBENCH_SOURCE_DIR) +
                   "/tests/golden/optim/layer_decay__vit_tiny_patch16_224_0.75.json");
  const auto golden = nlohmann::json::parse(in);
  const double decay = golden.at("settings").at("layer_decay");
  std::vector<std::string> names;
  for (const auto& row : golden.at("mae")) names.push_back(row[0]);  // in order of registration
  ASSERT_EQ(names.size(), golden.at("group_id").size());
  const Layers layers = layers_of(names, false);
  EXPECT_EQ(layers.depth, golden.at("settings").at("depth").get<int64_t>());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(layers.numbers[i], golden.at("group_id").at(names[i]).get<int64_t>()) << names[i];
  }
  for (const std::string variant : {"mae", "timm", "dinov2"}) {
    std::vector<std::string> own;
    for (const auto& row : golden.at(variant)) own.push_back(row[0]);
    const std::vector<double> scales = layer_scales(own, {decay, variant == "timm"});
    for (size_t i = 0; i < own.size(); ++i) {
      EXPECT_NEAR(scales[i], golden.at(variant)[i][1].get<double>(), 1e-12) << variant << " " << own[i];
    }
  }
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
