// SPDX-License-Identifier: Apache-2.0
#include "methods/barlow_twins.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(BarlowTwinsTest, DoesNotSeeScaleAndShiftOfADimension) {
  const Tensor z1 = noise({32, 4}, 1), z2 = noise({32, 4}, 2);
  const Tensor scale = at::tensor(std::vector<float>{2, 0.5, 10, 1});
  EXPECT_NEAR(barlow_twins::redundancy_loss(z1 * scale + 3, z2, 0.5, 1, 0).loss.item<double>(),
              barlow_twins::redundancy_loss(z1, z2, 0.5, 1, 0).loss.item<double>(), 1e-3);
}

TEST(BarlowTwinsTest, RepeatedDimensionsCostLambdaForEveryPair) {
  const Tensor repeated = noise({32, 1}, 1).expand({32, 5});
  EXPECT_NEAR(barlow_twins::redundancy_loss(repeated, repeated, 0.25, 1, 0).loss.item<double>(), 0.25 * 5 * 4, 1e-4);
}

TEST(BarlowTwinsTest, OnlyNormsAndBiasesAreSlow) {
  const auto method = small_method("barlow_twins", {{"bias_rate", 0.5}});
  for (const auto& [name, tensor] : method->trainable()) {
    EXPECT_EQ(method->rule(name).rate_scale, tensor.dim() < 2 ? 0.5 : 1) << name;
  }
}

}  // namespace
}  // namespace sslbench
