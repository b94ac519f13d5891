// SPDX-License-Identifier: Apache-2.0
#include "methods/rotnet.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using namespace rotnet;

TEST(RotNetTest, FourTurnsAreDifferentAndAFifthIsTheFirst) {
  const Tensor x = at::arange(2 * 3 * 4 * 4, at::kFloat).view({2, 3, 4, 4});
  const auto [turned, labels] = rotate_views(x);
  EXPECT_TRUE(turned.select(1, 0).equal(x));
  EXPECT_TRUE(std::get<0>(rotate_views(turned.select(1, 3).contiguous())).select(1, 1).equal(x));
  for (int64_t k = 1; k < 4; ++k) EXPECT_FALSE(turned.select(1, k).equal(turned.select(1, k - 1)));
  EXPECT_TRUE(labels[1].equal(at::arange(4, at::kLong)));
  // Counter-clockwise, rows downwards: the upper right corner goes to the upper left.
  EXPECT_EQ(turned[0][1][0][0][0].item<float>(), x[0][0][0][3].item<float>());
}

}  // namespace
}  // namespace sslbench
