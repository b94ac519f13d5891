// SPDX-License-Identifier: Apache-2.0
// Outputs against timm's and the authors' networks are in tests/golden/backbones (vit_dinov2, vit_dinov2_authors).
#include <gtest/gtest.h>

#include "methods/backbones/vit.h"
#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

TEST(DinoV2Test, PositionsCoverPatchesAloneWhereTimmHasRegisters) {
  const auto shape = [](const nlohmann::json& settings) {
    return parameters_of(*small_backbone("dinov2_small", settings)).at("pos_embed").size(1);
  };
  EXPECT_EQ(shape({{"registers", 0}}), 1 + 64);
  EXPECT_EQ(shape({{"registers", 4}}), 64);
  EXPECT_EQ(shape({{"registers", 4}, {"names", "authors"}}), 1 + 64);
}

TEST(DinoV2Test, TheAuthorsNamesHoldAMaskTokenThatDoesNotTrain) {
  const auto net = small_backbone("dinov2_giant", {{"registers", 4}, {"names", "authors"}});
  const auto p = parameters_of(*net);
  EXPECT_TRUE(p.contains("register_tokens") && p.contains("blocks.0.mlp.w12.weight") && p.contains("mask_token"));
  EXPECT_FALSE(p.at("mask_token").requires_grad());
  const auto timm = parameters_of(*small_backbone("dinov2_giant", {{"registers", 4}}));
  EXPECT_TRUE(timm.contains("reg_token") && timm.contains("blocks.0.mlp.fc1.weight"));
  EXPECT_FALSE(timm.contains("mask_token"));
}

TEST(DinoV2Test, PositionsAreResizedAsTheSettingSaysOnOtherGridsOnly) {
  const auto features = [](const char* resize, int64_t size) {
    const auto net = small_backbone("dinov2_small", {{"resize", resize}, {"layer_scale", 1}});
    set_formula_state(*net);
    return net->features(formula_image(1, size, size, 0, 1));
  };
  EXPECT_EQ(largest_difference(features("timm", 32), features("offset", 32)), 0);
  const Tensor timm = features("timm", 24), offset = features("offset", 24), antialias = features("antialias", 24);
  EXPECT_GT(largest_difference(timm, offset), 1e-4);
  EXPECT_LT(largest_difference(timm, antialias), 1e-6);  // both bicubic, antialiased, of the exact size
  EXPECT_EQ(largest_difference(timm, features("published", 24)), 0);
}

TEST(DinoV2Test, AHiddenWidthThatCannotBeHalvedIsTheUsersMistake) {
  EXPECT_THROW(small_backbone("dinov2_giant", {{"mlp_ratio", 33.0 / 16}}), UserError);
}

}  // namespace
}  // namespace sslbench
