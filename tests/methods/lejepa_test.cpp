// SPDX-License-Identifier: Apache-2.0
#include "methods/lejepa.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {

using at::Tensor;

namespace {

TEST(LejepaTest, SigregIsSmallForAGaussianAndNoticesCollapseScaleAndShift) {
  const Tensor a_DM = lejepa::directions(1, 0, 8, 32);
  const Tensor gaussian = lejepa::directions(2, 0, 512, 8).unsqueeze(0);
  const auto cost = [&](const Tensor& x) { return lejepa::sigreg(x, a_DM, 17, 3).item<double>(); };
  const double good = cost(gaussian);
  EXPECT_LT(good, 2);
  EXPECT_GT(cost(at::zeros({1, 512, 8})), 20 * good);
  EXPECT_GT(cost(2 * gaussian), 10 * good);
  EXPECT_GT(cost(gaussian + 1), 10 * good);
}

TEST(LejepaTest, DirectionsAreNormalNumbersOfTheStep) {
  const Tensor a = lejepa::directions(1, 7, 200, 101);
  EXPECT_TRUE(a.equal(lejepa::directions(1, 7, 200, 101)));
  EXPECT_FALSE(a.equal(lejepa::directions(1, 8, 200, 101)));
  EXPECT_NEAR(a.mean().item<double>(), 0, 0.02);
  EXPECT_NEAR(a.var().item<double>(), 1, 0.03);
}

TEST(LejepaTest, TheCentreIsDifferentiated) {
  const Tensor proj = lejepa::directions(1, 0, 12, 4).view({3, 4, 4}).set_requires_grad(true);
  lejepa::invariance(proj, 3).backward();
  const Tensor expected = 2 * (proj - proj.mean(0, true)) / proj.numel();
  EXPECT_TRUE(proj.grad().allclose(expected, 1e-4, 1e-6));
}

}  // namespace
}  // namespace sslbench
