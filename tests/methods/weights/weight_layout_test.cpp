// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/weight_layout.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::string& layout, const std::string& from) {
  std::vector<std::string> out;
  for (const LayoutTarget& target : targets_in(Registry<WeightLayout>::find(layout), from)) out.push_back(target.name);
  return out;
}

TEST(WeightLayoutTest, NumbersAndTailsOfNamesAreCarriedOver) {
  EXPECT_THAT(names("torchvision ViT", "encoder.layers.encoder_layer_11.mlp.3.bias"),
              ElementsAre("blocks.11.mlp.fc2.bias"));
  EXPECT_THAT(names("torchvision ViT", "encoder.layers.encoder_layer_.ln_1.bias"), IsEmpty());
  EXPECT_THAT(names("DINOv2", "blocks.3.17.norm1.weight"), ElementsAre("blocks.17.norm1.weight"));
  EXPECT_THAT(names("DINOv2", "blocks.3.17.mlp.w12.weight"), ElementsAre("blocks.17.mlp.fc1.weight"));
  EXPECT_THAT(names("DINOv2", "mask_token"), ElementsAre("mask_token", ""));
  EXPECT_THAT(names("DINOv3", "blocks.2.attn.qkv.bias"), ElementsAre("blocks.2.attn.q_bias", "blocks.2.attn.v_bias"));
  EXPECT_THAT(names("Sequential of torchvision's ResNet", "4.0.conv1.weight"), ElementsAre("layer1.0.conv1.weight"));
  EXPECT_THAT(names("mmpretrain ViT", "layers.0.ffn.layers.0.0.weight"), ElementsAre("blocks.0.mlp.fc1.weight"));
  EXPECT_THAT(names("torchvision Swin", "features.2.reduction.weight"),
              ElementsAre("layers.1.downsample.reduction.weight"));
  EXPECT_THAT(names("Swin's authors, to torchvision", "layers.0.downsample.norm.bias"),
              ElementsAre("features.2.norm.bias"));
  EXPECT_THAT(names("timm ConvNeXt", "stages.2.blocks.8.gamma"), ElementsAre("features.5.8.layer_scale"));
}

TEST(WeightLayoutTest, QueryKeyAndValueAreJoinedInThatOrder) {
  const WeightLayout& layout = Registry<WeightLayout>::find("Hugging Face ViT");
  const std::string place = "encoder.layer.0.attention.attention.";
  const auto part = [](float value) { return at::full({2, 3}, value); };
  const std::set<std::string> wanted = {"blocks.0.attn.qkv.weight"};
  const auto out = renamed(
      layout, {{place + "value.weight", part(3)}, {place + "query.weight", part(1)}, {place + "key.weight", part(2)}},
      wanted);
  const Tensor qkv = out.at("blocks.0.attn.qkv.weight");
  ASSERT_EQ(qkv.sizes().vec(), (std::vector<int64_t>{6, 3}));
  EXPECT_TRUE(at::equal(qkv.select(1, 0), at::tensor({1.f, 1.f, 2.f, 2.f, 3.f, 3.f})));
  EXPECT_THROW(renamed(layout, {{place + "query.weight", part(1)}}, wanted), UserError);
}

TEST(WeightLayoutTest, ShapesThatLibrariesWriteDifferentlyAreBroughtToOne) {
  const auto scale = renamed(Registry<WeightLayout>::find("torchvision ConvNeXt"),
                             {{"features.1.0.layer_scale", at::ones({4, 1, 1})}}, {"stages.0.blocks.0.gamma"});
  EXPECT_EQ(scale.at("stages.0.blocks.0.gamma").sizes().vec(), (std::vector<int64_t>{4}));
  const auto token =
      renamed(Registry<WeightLayout>::find("OpenAI CLIP"), {{"class_embedding", at::ones({4})}}, {"cls_token"});
  EXPECT_EQ(token.at("cls_token").sizes().vec(), (std::vector<int64_t>{1, 1, 4}));
  const WeightLayout& siglip = Registry<WeightLayout>::find("Hugging Face SigLIP");
  const auto pool =
      renamed(siglip, {{"head.attention.in_proj_bias", at::arange(6)}}, {"attn_pool.q.bias", "attn_pool.kv.bias"});
  EXPECT_TRUE(at::equal(pool.at("attn_pool.kv.bias"), at::arange(2, 6)));
  EXPECT_THROW(renamed(siglip, {{"head.attention.in_proj_bias", at::arange(5)}}, {"attn_pool.q.bias"}), UserError);
}

}  // namespace
}  // namespace sslbench
