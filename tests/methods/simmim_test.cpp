// SPDX-License-Identifier: Apache-2.0
#include "methods/simmim.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"
#include "tests/methods/hidden_patches.h"

namespace sslbench {
namespace {

TEST(SimMIMTest, OnlyMaskedPatchesCount) {
  const Tensor x = formula_image(2, 8, 8, 0, 1), mask = at::tensor(std::vector<float>{1, 0, 0, 0}).view({1, 2, 2});
  const Tensor both = mask.expand({2, 2, 2});
  Tensor painted = x.clone();
  painted.narrow(2, 4, 4).add_(5);
  EXPECT_EQ(simmim::masked_l1(x, painted, both, 4).item<double>(), 0);
  painted.narrow(2, 0, 4).narrow(3, 0, 4).add_(0.5);
  EXPECT_NEAR(simmim::masked_l1(x, painted, both, 4).item<double>(), 0.5, 1e-5);
}

TEST(SimMIMTest, RefusesUnitsThatDoNotFitOrHideAll) {
  EXPECT_THROW(tiny_on_vit("simmim", 1, 0, {{"mask_patch_size", 6}}), UserError);
  EXPECT_THROW(tiny_on_vit("simmim", 1, 0, {{"mask_patch_size", 32}}), UserError);
}

TEST(SimMIMTest, ShowsWhatItSawAndPaintsTheRest) {
  expect_that_it_paints_what_it_did_not_see(*tiny_on_vit("simmim", 1), formula_batch(4, 1), 0.4);
}

}  // namespace
}  // namespace sslbench
