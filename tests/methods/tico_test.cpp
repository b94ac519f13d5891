// SPDX-License-Identifier: Apache-2.0
#include "methods/tico.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

// Unit vectors: the trace of their covariance is 1.
TEST(TiCoTest, TheCovarianceIsAMovingAverageInTheState) {
  const auto method = small_method("tico", {{"beta", 0.9}});
  double expected = 0;
  for (int step = 0; step < 3; ++step) {
    method->loss(noise_batch(8), {});
    expected = 0.9 * expected + 0.1;
    EXPECT_NEAR(tensor_named(method->buffers(), "covariance").trace().item<double>(), expected, 1e-5);
  }
}

TEST(TiCoTest, CollapsedProjectionsPayRho) {
  const Tensor same = at::ones({8, 4}), settled = at::full({4, 4}, 0.25f);
  EXPECT_NEAR(tico::invariance_and_contrast(same, same, settled, 0.9, 8, false).loss.item<double>(), 8, 1e-4);
}

}  // namespace
}  // namespace sslbench
