// SPDX-License-Identifier: Apache-2.0
#include "methods/fastsiam.h"

#include <gtest/gtest.h>

#include "methods/simsiam.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

TEST(FastSiamTest, IsSimSiamWithTwoViews) {
  const Tensor p = noise({2, 6, 8}, 1), z = noise({2, 6, 8}, 2);
  EXPECT_NEAR(fastsiam::mean_target_cosine(p, z).item<double>(),
              simsiam::symmetric_cosine(p[0], p[1], z[0], z[1]).item<double>(), 1e-6);
}

TEST(FastSiamTest, ALongerProjectionWeighsMoreInTheTarget) {
  const Tensor p = at::tensor(std::vector<float>{1, 0}).expand({3, 1, 2}).contiguous();
  const auto loss = [&](float length) {
    const Tensor z = at::tensor(std::vector<float>{length, 0, 0, 1, length, 0}).view({3, 1, 2});
    return fastsiam::mean_target_cosine(p, z).item<double>();
  };
  EXPECT_LT(loss(10), loss(1));
}

}  // namespace
}  // namespace sslbench
