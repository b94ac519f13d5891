// SPDX-License-Identifier: Apache-2.0
#include "methods/dcl.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

// All negatives are orthogonal, the positives have cosine a: -a / tau + log 2(N - 1), however large a is.
TEST(DclTest, ThePositiveIsNotInTheDenominator) {
  for (const double a : {0.0, 0.6, 1.0}) {
    const Tensor z1 = at::cat({at::eye(3), at::zeros({3, 3})}, 1);
    const Tensor z2 = at::cat({a * at::eye(3), std::sqrt(1 - a * a) * at::eye(3)}, 1);
    EXPECT_NEAR(dcl::dcl(z1, z2, 0.1).item<double>(), -a / 0.1 + std::log(4.0), 1e-4);
  }
}

TEST(DclTest, WeightsAreOneWhenSigmaIsWide) {
  const Tensor z1 = noise({6, 8}, 1), z2 = noise({6, 8}, 2);
  EXPECT_NEAR(dcl::dclw(z1, z2, 0.5, 1e5, true).item<double>(), dcl::dcl(z1, z2, 0.5).item<double>(), 1e-4);
}

}  // namespace
}  // namespace sslbench
