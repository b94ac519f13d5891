// SPDX-License-Identifier: Apache-2.0
#include "methods/mmcr.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(MmcrTest, OrthogonalCentroidsBeatCollapsedOnes) {
  const Tensor spread = at::eye(4).unsqueeze(1).expand({4, 2, 4}), collapsed = at::ones({4, 2, 4});
  EXPECT_NEAR(mmcr::manifold_capacity_loss(spread, {}, 0).item<double>(), -4, 1e-4);
  EXPECT_NEAR(mmcr::manifold_capacity_loss(collapsed, {}, 0).item<double>(), -2, 1e-4);
}

TEST(MmcrTest, DisagreeingViewsShrinkTheirCentroid) {
  const Tensor z = noise({4, 1, 8}, 1);
  const double agree = mmcr::manifold_capacity_loss(at::cat({z, z}, 1), {}, 0).item<double>();
  const double oppose = mmcr::manifold_capacity_loss(at::cat({z, -z}, 1), {}, 0).item<double>();
  EXPECT_LT(agree, oppose);
  EXPECT_NEAR(oppose, 0, 1e-4);
}

TEST(MmcrTest, TrainsWithoutAMomentumEncoderToo) {
  const auto method = small_method("mmcr", {{"momentum_encoder", false}, {"lambda", 0.0}});
  method->loss(noise_batch(8, 3), {}).total.backward();
  for (const auto& [name, tensor] : method->parameters()) {
    EXPECT_FALSE(name.starts_with("momentum_")) << name;
    EXPECT_TRUE(tensor.grad().isfinite().all().item<bool>()) << name;
  }
}

}  // namespace
}  // namespace sslbench
