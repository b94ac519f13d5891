// SPDX-License-Identifier: Apache-2.0
// Outputs against torchvision's networks are in tests/golden/backbones (efficientnet, mobilenetv3).
#include "methods/backbones/convolutional/inverted_residual.h"

#include <gtest/gtest.h>

#include "methods/backbones/convolutional/efficientnet.h"
#include "methods/backbones/convolutional/mobilenet_v3.h"
#include "methods/initial_values.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(InvertedResidualTest, WidthsAreMultiplesOf8ThatKeepNineTenths) {
  EXPECT_EQ(divisible_by_8(3), 8);
  EXPECT_EQ(divisible_by_8(19), 24);  // the nearest is 16, which loses more than a tenth
  EXPECT_EQ(divisible_by_8(35), 32);
  EXPECT_EQ(divisible_by_8(36), 40);
}

TEST(InvertedResidualTest, MapsAreTheLastOfEveryStrideAndTheConvolutionAfterThem) {
  const ShapesOnly no_values;
  const auto levels = [](const std::string& name) {
    std::vector<std::pair<int64_t, int64_t>> out;
    for (const MapLevel& level : whole_backbone(name, nlohmann::json::object())->levels())
      out.emplace_back(level.stride, level.channels);
    return out;
  };
  using Levels = std::vector<std::pair<int64_t, int64_t>>;
  EXPECT_EQ(levels("efficientnet_b0"), (Levels{{4, 24}, {8, 40}, {16, 112}, {32, 1280}}));
  EXPECT_EQ(levels("mobilenet_v3_large"), (Levels{{4, 24}, {8, 40}, {16, 112}, {32, 960}}));
  EXPECT_EQ(levels("mobilenet_v3_small"), (Levels{{4, 16}, {8, 24}, {16, 48}, {32, 576}}));
}

TEST(InvertedResidualTest, NamesOfBothLibrariesCoverTheSameNetwork) {
  for (const char* name : {"efficientnet_b0", "mobilenet_v3_large", "mobilenet_v3_small"}) {
    const auto torchvision = small_backbone(name), timm = small_backbone(name, {{"names", "timm"}});
    torchvision->train(false);
    timm->train(false);
    const auto from = torchvision->state(), to = timm->state();
    ASSERT_EQ(from.size(), to.size()) << name;
    for (size_t i = 0; i < from.size(); ++i) EXPECT_TRUE(at::equal(from[i].second, to[i].second)) << from[i].first;
    if (name != std::string("efficientnet_b0")) continue;  // of MobileNetV3 eps differs, too
    const Tensor x = formula_image(2, 64, 64, 0, 1);
    EXPECT_EQ(largest_difference(torchvision->features(x), timm->features(x)), 0);
  }
}

TEST(InvertedResidualTest, OnlyBlocksThatKeepTheirShapeAreDropped) {
  InvertedResidualNetShape shape = efficientnet_b0_shape(0.125, false);
  shape.drop_path = 0.99;
  at::Generator generator = at::detail::createCPUGenerator(0);
  InvertedResidualNet net(shape, generator);
  net.begin_step({1, 0, {0, 1, 2, 3}});
  const Tensor x = formula_image(4, 64, 64, 0, 1);
  EXPECT_TRUE(net.features(x).isfinite().all().item<bool>());
  EXPECT_EQ(net.layers(x).size(), 16u + 2u);
}

}  // namespace
}  // namespace sslbench
