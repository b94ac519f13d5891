// SPDX-License-Identifier: Apache-2.0
// Outputs against torchvision's network are in tests/golden/backbones (regnet).
#include "methods/backbones/convolutional/regnet.h"

#include <gtest/gtest.h>

#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

using Four = std::array<int64_t, 4>;

TEST(RegNetTest, TheRuleGivesTheStagesOfThePublishedNetworks) {
  const RegNetShape small = regnet_shape({16, 48, 27.89, 2.09, 8}, false);
  EXPECT_EQ(small.depths, (Four{1, 3, 6, 6}));
  EXPECT_EQ(small.widths, (Four{48, 104, 208, 440}));
  const RegNetShape largest = regnet_shape({27, 456, 160.83, 2.52, 264}, false);
  EXPECT_EQ(largest.depths, (Four{2, 7, 17, 1}));
  EXPECT_EQ(largest.widths, (Four{528, 1056, 2904, 7392}));
}

TEST(RegNetTest, TorchvisionNeverLosesATenthOfAWidthAndTimmDoes) {
  const RegNetRule rule{14, 56, 38.84, 2.4, 16};
  EXPECT_EQ(regnet_shape(rule, false).widths, (Four{64, 144, 320, 784}));
  EXPECT_EQ(regnet_shape(rule, true).widths, (Four{64, 128, 320, 768}));
}

TEST(RegNetTest, ARuleOfAnotherNumberOfStagesIsTheUsersMistake) {
  EXPECT_THROW(regnet_shape({4, 8, 0, 2, 8}, false), UserError);
  EXPECT_THROW(regnet_shape({40, 8, 100, 1.2, 8}, false), UserError);
}

TEST(RegNetTest, NamesOfBothLibrariesCoverTheSameValues) {
  const auto torchvision = parameters_of(*small_backbone("regnet_y_400mf"));
  const auto timm = parameters_of(*small_backbone("regnet_y_400mf", {{"names", "timm"}}));
  EXPECT_EQ(torchvision.size(), timm.size());
  EXPECT_TRUE(
      at::equal(torchvision.at("trunk_output.block1.block1-0.f.se.fc1.weight"), timm.at("s1.b1.se.fc1.weight")));
  EXPECT_TRUE(
      at::equal(torchvision.at("trunk_output.block2.block2-0.proj.0.weight"), timm.at("s2.b1.downsample.conv.weight")));
}

}  // namespace
}  // namespace sslbench
