// SPDX-License-Identifier: Apache-2.0
#include "methods/mae.h"

#include <gtest/gtest.h>

#include "methods/patches/patch_masks.h"
#include "methods/patches/patchify.h"
#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"
#include "tests/methods/hidden_patches.h"

namespace sslbench {
namespace {

TEST(MaeTest, TheEncoderNeverSeesWhatItMustPaint) {
  const auto method = tiny_on_vit("mae", 1);
  TrainBatch batch = formula_batch(4, 1);
  const Tensor before = method->loss(batch, {}).embedding_ND;
  const Tensor removed_NL1 = random_masking(uniform_noise(3, batch, 0, 64), 0.75).mask_NL.unsqueeze(-1);
  batch.views[0] = unpatchify(patchify(batch.views[0], 4) * (1 - removed_NL1) + 7 * removed_NL1, 4, 8, 8);
  EXPECT_TRUE(method->loss(batch, {}).embedding_ND.equal(before));
  batch.views[0] = batch.views[0] + 1;
  EXPECT_FALSE(method->loss(batch, {}).embedding_ND.allclose(before));
}

TEST(MaeTest, NormalisedTargetsForgetBrightnessAndContrast) {
  const Tensor x = formula_image(2, 8, 8, 0, 1);
  EXPECT_TRUE(mae::pixel_targets(3 * x + 2, 4, true).allclose(mae::pixel_targets(x, 4, true), 1e-3, 1e-4));
  EXPECT_FALSE(mae::pixel_targets(3 * x + 2, 4, false).allclose(mae::pixel_targets(x, 4, false), 1e-3, 1e-4));
}

TEST(MaeTest, RefusesAMaskThatLeavesNothing) {
  EXPECT_THROW(tiny_on_vit("mae", 1, 0, {{"mask_ratio", 0.99}}), UserError);
  EXPECT_THROW(tiny_on_vit("mae", 1, 0, {{"decoder_heads", 5}}), UserError);
}

TEST(MaeTest, ShowsWhatItSawAndPaintsTheRest) {
  const auto method = tiny_on_vit("mae", 1);
  TrainBatch batch = formula_batch(4, 1);
  batch.views[0] = batch.views[0] + 5;
  const Tensor painted_NCHW = expect_that_it_paints_what_it_did_not_see(*method, batch, 0.25);
  EXPECT_NEAR(painted_NCHW.mean().item<double>(), batch.views[0].mean().item<double>(), 0.5)
      << "patches get their mean back";
}

}  // namespace
}  // namespace sslbench
