// SPDX-License-Identifier: Apache-2.0
#include "methods/w_mse.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(WMseTest, EveryPartHasTheIdentityAsCovariance) {
  const Tensor v = at::mm(noise({34, 4}, 1).to(at::kDouble), noise({4, 4}, 2).to(at::kDouble)) + 3;
  const Tensor z = w_mse::whitened(v, at::arange(34, at::kLong), 16, 0);
  ASSERT_EQ(z.size(0), 32);  // two rows fill no part
  for (const Tensor& part : z.chunk(2)) {
    const Tensor covariance = at::mm(part.t(), part) / 15;
    EXPECT_LT((covariance - at::eye(4, covariance.options())).abs().max().item<double>(), 1e-9);
    EXPECT_LT(part.mean({0}).abs().max().item<double>(), 1e-9);
  }
}

TEST(WMseTest, ScalingADimensionChangesNothing) {
  const Tensor v1 = noise({16, 3}, 1).to(at::kDouble), v2 = noise({16, 3}, 2).to(at::kDouble);
  const Tensor scale = at::tensor(std::vector<double>{1e-3, 1, 50}), order = at::arange(16, at::kLong).view({1, 16});
  EXPECT_NEAR(w_mse::whitened_mse({v1 * scale, v2}, order, 16, 0, true).item<double>(),
              w_mse::whitened_mse({v1, v2}, order, 16, 0, true).item<double>(), 1e-9);
}

TEST(WMseTest, SaysWhenRowsAreTooFewForTheDimensions) {
  EXPECT_THROW(small_method("w_mse", {{"w_size", 4}, {"projection", 4}}), UserError);
  EXPECT_TRUE(w_mse::whitened(at::ones({4, 3}), at::arange(4, at::kLong), 4, 0).isnan().any().item<bool>());
}

}  // namespace
}  // namespace sslbench
