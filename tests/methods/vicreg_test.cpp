// SPDX-License-Identifier: Apache-2.0
#include "methods/vicreg.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(VicRegTest, CollapseCostsTheWholeVarianceTerm) {
  const Tensor same = at::full({8, 4}, 3.0f);
  const auto terms = vicreg::vicreg_loss(same, same, {25, 25, 1, 1e-4, true});
  EXPECT_NEAR(terms.loss.item<double>(), 25 * (1 - 1e-2), 1e-4);
  EXPECT_EQ(terms.invariance.item<double>(), 0);
  EXPECT_EQ(terms.covariance.item<double>(), 0);
}

TEST(VicRegTest, OnlyTheInvarianceSeesAShiftOfOneView) {
  const Tensor z1 = noise({16, 4}, 1), z2 = noise({16, 4}, 2);
  const vicreg::Weights weights{25, 25, 1, 1e-4, false};
  const auto plain = vicreg::vicreg_loss(z1, z2, weights), moved = vicreg::vicreg_loss(z1, z2 + 5, weights);
  EXPECT_NEAR(plain.variance.item<double>(), moved.variance.item<double>(), 1e-5);
  EXPECT_NEAR(plain.covariance.item<double>(), moved.covariance.item<double>(), 1e-4);
  EXPECT_GT(moved.invariance.item<double>(), plain.invariance.item<double>() + 1);
}

}  // namespace
}  // namespace sslbench
