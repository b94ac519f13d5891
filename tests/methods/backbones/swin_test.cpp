// SPDX-License-Identifier: Apache-2.0
// Outputs against timm's and torchvision's networks are in tests/golden/backbones (swin).
#include "methods/backbones/swin.h"

#include <gtest/gtest.h>

#include "methods/backbones/swin_block.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(SwinTest, ShiftedTokensOfOtherRegionsAreKeptApart) {
  const Windows windows{{2, 2}, {1, 1}};
  const Tensor mask_wAA = shift_mask({4, 4}, windows);
  EXPECT_EQ(mask_wAA.sizes().vec(), (std::vector<int64_t>{4, 4, 4}));
  EXPECT_EQ(mask_wAA[0].abs().max().item<double>(), 0);  // nothing wrapped around into the first window
  EXPECT_EQ(mask_wAA[3][0][0].item<double>(), 0);
  EXPECT_EQ(mask_wAA[3][0][1].item<double>(), -100);  // the last column came from the left edge
  EXPECT_EQ(mask_wAA[1][0][2].item<double>(), 0);     // same column, no row wrapped
  EXPECT_EQ(shift_mask({4, 4}, {{2, 2}, {0, 0}}).abs().max().item<double>(), 0);
}

TEST(SwinTest, EqualOffsetsShareARowOfTheBiasTable) {
  const Tensor index = relative_position_index({2, 3});
  EXPECT_EQ(index[0][0].item<int64_t>(), index[5][5].item<int64_t>());
  EXPECT_EQ(index[0][1].item<int64_t>(), index[4][5].item<int64_t>());
  EXPECT_NE(index[0][1].item<int64_t>(), index[1][0].item<int64_t>());
  EXPECT_EQ(index.max().item<int64_t>(), 3 * 5 - 1);
  EXPECT_EQ(index.min().item<int64_t>(), 0);
}

TEST(SwinTest, TimmsWindowsShrinkToTheMapOfTheDeclaredSizeAndTorchvisionsDoNot) {
  const auto rows = [](const nlohmann::json& settings) {
    return parameters_of(*small_backbone("swin_tiny", settings));
  };
  // 32 px: maps of 16, 8, 4 and 2 tokens a side, windows of 4.
  const auto timm = rows({});
  EXPECT_EQ(timm.at("layers.0.blocks.0.attn.relative_position_bias_table").size(0), 49);
  EXPECT_EQ(timm.at("layers.2.blocks.0.attn.relative_position_bias_table").size(0), 49);
  EXPECT_EQ(timm.at("layers.3.blocks.0.attn.relative_position_bias_table").size(0), 9);
  const auto torchvision = rows({{"names", "torchvision"}});
  EXPECT_EQ(torchvision.at("features.7.0.attn.relative_position_bias_table").size(0), 49);
}

// On maps that are whole windows, larger than one, both are the same network.
TEST(SwinTest, TheVariantsAgreeWhereEveryMapIsWholeWindows) {
  const nlohmann::json common = {{"window", 2}, {"image_size", 64}};
  nlohmann::json other = common;
  other["names"] = "torchvision";
  const auto timm = small_backbone("swin_tiny", common), torchvision = small_backbone("swin_tiny", other);
  const Tensor x = formula_image(1, 64, 64, 0, 1);
  EXPECT_LT(largest_difference(timm->features(x), torchvision->features(x)), 1e-5);
}

TEST(SwinTest, TheTableIsStateOfTorchvisionsNetworkOnly) {
  EXPECT_TRUE(small_backbone("swin_tiny")->buffers().empty());
  EXPECT_FALSE(small_backbone("swin_tiny")->constants().empty());
  const auto torchvision = small_backbone("swin_tiny", {{"names", "torchvision"}});
  EXPECT_EQ(torchvision->buffers().size(), 12u);
  EXPECT_TRUE(torchvision->constants().empty());
}

TEST(SwinTest, ImpossibleShapesAreTheUsersMistake) {
  EXPECT_THROW(small_backbone("swin_tiny", {{"width", 10}}), UserError);
}

}  // namespace
}  // namespace sslbench
