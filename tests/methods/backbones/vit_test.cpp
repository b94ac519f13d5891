// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "methods/backbones/vit.h"
#include "methods/patches/position_embedding.h"
#include "tests/golden/formula.h"

namespace sslbench {
namespace {

Vit build(const VitShape& shape) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return {shape, generator};
}

VitShape tiny() { return {.dim = 32, .depth = 3, .heads = 2, .patch_size = 4, .image_size = 32}; }

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(VitTest, FeaturesAreTheClassTokenOrTheMeanPatchAndTheMapIsTheGrid) {
  const Tensor x = formula_image(2, 32, 40, 0, 1);
  const Vit cls = build(tiny());
  VitShape mean_shape = tiny();
  mean_shape.mean_pooling = true;
  const Vit mean = build(mean_shape);
  const Tensor x_NTD = cls.tokens(x);
  EXPECT_EQ(x_NTD.sizes().vec(), (std::vector<int64_t>{2, 1 + 8 * 10, 32}));
  EXPECT_EQ(difference(cls.features(x), x_NTD.select(1, 0)), 0);
  EXPECT_LT(difference(mean.features(x), x_NTD.narrow(1, 1, 80).mean(1)), 1e-6);
  const Tensor map = cls.feature_maps(x).front();
  EXPECT_EQ(map.sizes().vec(), (std::vector<int64_t>{2, 32, 8, 10}));
  EXPECT_EQ(difference(map.select(2, 3).select(2, 7), x_NTD.select(1, 1 + 3 * 10 + 7)), 0);
}

TEST(VitTest, RegistersAddTokensButNoPatches) {
  VitShape shape = tiny();
  shape.registers = 4;
  const Vit vit = build(shape);
  const Tensor x = formula_image(2, 32, 32, 0, 1);
  EXPECT_EQ(vit.tokens(x).size(1), 1 + 4 + 64);
  EXPECT_EQ(vit.feature_maps(x).front().sizes().vec(), (std::vector<int64_t>{2, 32, 8, 8}));
  EXPECT_EQ(vit.features(x).sizes().vec(), (std::vector<int64_t>{2, 32}));
}

TEST(VitTest, KeptPatchesCarryTheirOwnContentAndPosition) {
  const Vit vit = build(tiny());
  const Tensor x = formula_image(2, 32, 32, 0, 1);
  const Tensor keep_NK = at::tensor(std::vector<int64_t>{5, 0, 63, 1, 2, 3}).view({2, 3});
  const Tensor all = vit.embed(x), kept = vit.embed(x, {.keep_NK = keep_NK});
  EXPECT_EQ(kept.sizes().vec(), (std::vector<int64_t>{2, 4, 32}));
  EXPECT_EQ(difference(kept.select(1, 0), all.select(1, 0)), 0);
  EXPECT_EQ(difference(kept[0][1], all[0][1 + 5]), 0);
  EXPECT_EQ(difference(kept[0][3], all[0][1 + 63]), 0);
  EXPECT_EQ(difference(kept[1][2], all[1][1 + 2]), 0);
  const Tensor everything = at::arange(64, at::kLong).expand({2, 64});
  EXPECT_LT(difference(vit.tokens(x, {.keep_NK = everything}), vit.tokens(x)), 1e-5);
}

TEST(VitTest, AMaskedPatchIsTheMaskTokenAtItsPositionAndHidesItsPixels) {
  const Vit vit = build(tiny());
  const Tensor x = formula_image(2, 32, 32, 0, 1), token = formula_tensor({1, 1, 32}, 5, 1, 0);
  Tensor mask_NL = at::zeros({2, 64}, at::kBool);
  mask_NL[0][9] = true;
  const VitInput input{.mask_NL = mask_NL, .mask_token_D = token};
  const Tensor masked = vit.embed(x, input), all = vit.embed(x);
  EXPECT_LT(difference(masked[0][1 + 9], token.flatten() + vit.positions(8, 8).patches_1LD[0][9]), 1e-6);
  EXPECT_EQ(difference(masked[1], all[1]), 0);
  Tensor other = x.clone();
  other[0].narrow(1, 4, 4).narrow(2, 4, 4).fill_(3);  // patch 9 = row 1, column 1
  EXPECT_EQ(difference(vit.tokens(other, input), vit.tokens(x, input)), 0);
  EXPECT_GT(difference(vit.tokens(other), vit.tokens(x)), 1e-4);
}

TEST(VitTest, SincosPositionsAreFixed) {
  VitShape shape = tiny();
  shape.sincos_positions = true;
  const Vit vit = build(shape);
  EXPECT_EQ(difference(vit.positions(8, 8).patches_1LD[0], sincos_pos_embed(32, 8, 8, false)), 0);
  for (const auto& [name, tensor] : vit.trainable()) EXPECT_NE(name, "pos_embed");
}

TEST(VitTest, InitialWeightsFollowTimm) {
  at::Generator generator = at::detail::createCPUGenerator(3);
  const Vit vit({.dim = 192, .depth = 2, .heads = 3}, generator);
  std::map<std::string, Tensor> p;
  for (const auto& [name, tensor] : vit.parameters()) p[name] = tensor.detach();
  EXPECT_NEAR(p.at("blocks.0.attn.qkv.weight").std().item<double>(), 0.02, 2e-4);
  EXPECT_NEAR(p.at("blocks.1.mlp.fc2.weight").std().item<double>(), 0.02, 2e-4);
  EXPECT_NEAR(p.at("pos_embed").std().item<double>(), 0.02, 4e-4);
  EXPECT_LT(p.at("cls_token").abs().max().item<double>(), 1e-5);
  EXPECT_EQ(p.at("blocks.0.attn.proj.bias").abs().max().item<double>(), 0);
  EXPECT_NEAR(p.at("patch_embed.proj.weight").abs().max().item<double>(), 1 / std::sqrt(768.0), 1e-5);
}

TEST(VitTest, ImpossibleShapesAreTheUsersMistake) {
  const auto with = [](auto change) {
    VitShape shape = tiny();
    change(shape);
    return shape;
  };
  EXPECT_THROW(build(with([](VitShape& s) { s.heads = 3; })), UserError);
  EXPECT_THROW(build(with([](VitShape& s) { s.patch_size = 5; })), UserError);
  EXPECT_THROW(build(with([](VitShape& s) { s.class_token = false; })), UserError);
  EXPECT_THROW(build(with([](VitShape& s) { s.sincos_positions = true, s.dim = 30; })), UserError);
}

}  // namespace
}  // namespace sslbench
