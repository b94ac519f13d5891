// SPDX-License-Identifier: Apache-2.0
// Outputs against timm's and the authors' networks are in tests/golden/backbones (vit_dinov3, rope_2d).
#include "methods/backbones/dinov3.h"

#include <gtest/gtest.h>

#include "tests/golden/formula.h"
#include "tests/methods/backbones/small_backbone.h"

namespace sslbench {
namespace {

// The network under timm's names with q and v biases, and the same weights under the authors'.
TEST(DinoV3Test, TheSameWeightsUnderTheAuthorsNamesGiveTheSameFeatures) {
  const auto timm = small_backbone("dinov3_small_plus", {{"qkv_bias", true}});
  const auto authors = small_backbone("dinov3_small_plus", {{"names", "authors"}});
  set_formula_state(*timm);
  auto from = parameters_of(*timm), to = parameters_of(*authors);
  const at::NoGradGuard no_grad;
  const auto copy = [&](const std::string& theirs, const Tensor& value) { to.at(theirs).copy_(value); };
  for (const char* same : {"cls_token", "patch_embed.proj.weight", "patch_embed.proj.bias", "norm.weight", "norm.bias"})
    copy(same, from.at(same));
  copy("storage_tokens", from.at("reg_token"));
  for (const std::string block : {"blocks.0.", "blocks.1."}) {
    for (const char* same : {"norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "attn.qkv.weight",
                             "attn.proj.weight", "attn.proj.bias"})
      copy(block + same, from.at(block + same));
    copy(block + "ls1.gamma", from.at(block + "gamma_1"));
    copy(block + "ls2.gamma", from.at(block + "gamma_2"));
    const Tensor q = from.at(block + "attn.q_bias"), v = from.at(block + "attn.v_bias");
    copy(block + "attn.qkv.bias", at::cat({q, at::ones_like(q), v}));  // the mask hides the bias of k
    for (const auto& [ours, theirs] : {std::pair{"fc1_g", "w1"}, {"fc1_x", "w2"}, {"fc2", "w3"}}) {
      for (const char* part : {".weight", ".bias"})
        copy(block + "mlp." + theirs + part, from.at(block + "mlp." + ours + part));
    }
  }
  const Tensor x = formula_image(2, 32, 24, 0, 1);
  EXPECT_LT(largest_difference(timm->features(x), authors->features(x)), 1e-5);
}

TEST(DinoV3Test, PositionsAreRotationsOfPatchesAloneAndDependOnTheGrid) {
  const auto net = small_backbone("dinov3_small", {{"layer_scale", 1}});
  set_formula_state(*net);
  EXPECT_FALSE(parameters_of(*net).contains("pos_embed"));
  const Tensor x = formula_image(1, 32, 32, 0, 1);
  EXPECT_GT(largest_difference(net->features(x), net->features(x.transpose(2, 3))), 1e-4);
  EXPECT_EQ(net->feature_maps(x).front().sizes().vec(), (std::vector<int64_t>{1, 16, 8, 8}));
}

TEST(DinoV3Test, MeanPoolingLeavesTheClassTokenAndStorageTokensOut) {
  const auto net = small_backbone("dinov3_small", {{"pooling", "mean"}});
  const Tensor x = formula_image(2, 32, 32, 0, 1);
  EXPECT_LT(largest_difference(net->features(x), pooled(net->feature_maps(x).front())), 1e-6);
}

TEST(DinoV3Test, AHeadWhoseWidthIsNoMultipleOf4IsTheUsersMistake) {
  EXPECT_THROW(small_backbone("dinov3_small", {{"dim", 12}, {"heads", 2}}), UserError);
  EXPECT_THROW(small_backbone("dinov3_small", {{"dim", 16}, {"heads", 3}}), UserError);
}

}  // namespace
}  // namespace sslbench
