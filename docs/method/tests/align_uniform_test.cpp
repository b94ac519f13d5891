// SPDX-License-Identifier: Apache-2.0
#include "align_uniform.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(AlignUniformTest, OnePointForAllImagesCostsNothingAndGainsNothing) {
  const at::Tensor same = at::ones({6, 4});
  EXPECT_NEAR(align_uniform::loss(same, same, 2, 1).item<double>(), 0, 1e-6);
}

// Two images on opposite sides are 2 apart: log exp(-2 * 4).
TEST(AlignUniformTest, SpreadingOutIsRewarded) {
  const at::Tensor apart = at::tensor({1.0f, 0.0f, -1.0f, 0.0f}).view({2, 2});
  EXPECT_NEAR(align_uniform::loss(apart, apart, 2, 1).item<double>(), -8, 1e-5);
  EXPECT_NEAR(align_uniform::loss(apart, -apart, 2, 0).item<double>(), 4, 1e-5);
}

}  // namespace
}  // namespace sslbench
