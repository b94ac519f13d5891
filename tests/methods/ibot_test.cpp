// SPDX-License-Identifier: Apache-2.0
#include "methods/ibot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"

namespace sslbench {
namespace {

TEST(IbotTest, UnmaskedPatchesAndImagesCountAsNothingButInTheMean) {
  const Tensor student = formula_tensor({1, 2, 4, 8}, 1, 1, 0),
               targets = at::softmax(formula_tensor({1, 2, 4, 8}, 2, 1, 0), -1);
  const Tensor mask = at::zeros({1, 2, 4}, at::kBool);
  EXPECT_EQ(ibot::patch_loss(student, targets, mask, 0.1).item<double>(), 0);
  mask[0][0][1].fill_(true);
  const double one = ibot::patch_loss(student, targets, mask, 0.1).item<double>();
  mask[0][0][2].fill_(true);
  mask[0][1].fill_(true);
  const double more = ibot::patch_loss(student, targets, mask, 0.1).item<double>();
  EXPECT_GT(one, 0);
  EXPECT_GT(more, one);
}

TEST(IbotTest, BalancedTargetsAreOfMaskedPatchesAlone) {
  const Tensor teacher = formula_tensor({1, 2, 4, 8}, 1, 1, 0), rows = at::tensor(std::vector<int64_t>{1, 2, 6});
  const Tensor sums = ibot::balanced_patches(teacher, rows, 0.07, 3).sum(-1).flatten();
  EXPECT_TRUE(sums.allclose(at::tensor(std::vector<float>{0, 1, 1, 0, 0, 0, 1, 0}), 1e-4, 1e-5));
}

TEST(IbotTest, Dinov2sCombinationLearnsWithoutCentres) {
  const auto method =
      tiny_on_vit("ibot", 2, 1, {{"shared_head", false}, {"centering", "sinkhorn"}, {"koleo_weight", 0.1}});
  const Loss loss = method->loss(formula_batch(6, 2, 1), {});
  loss.total.backward();
  EXPECT_TRUE(std::isfinite(loss.total.item<double>()));
  EXPECT_EQ(loss.terms.back().first, "koleo");
  EXPECT_EQ(tensor_named(method->state(), "center").abs().max().item<double>(), 0);
  EXPECT_TRUE(tensor_named(method->state(), "projector.patch_head.last_layer.weight_v").grad().defined());
}

TEST(IbotTest, RefusesOneCropAndRatiosInTheWrongOrder) {
  EXPECT_THROW(tiny_on_vit("ibot", 1), UserError);
  EXPECT_THROW(tiny_on_vit("ibot", 2, 0, {{"mask_ratio_low", 0.6}}), UserError);
}

TEST(IbotTest, ThePatchEmbeddingMayLearnMoreSlowly) {
  const auto method = tiny_on_vit("ibot", 2, 0, {{"patch_embed_rate", 0.2}});
  EXPECT_EQ(method->rule("backbone.patch_embed.proj.weight").rate_scale, 0.2);
  EXPECT_EQ(method->rule("backbone.norm.weight").rate_scale, 1);
}

}  // namespace
}  // namespace sslbench
