// SPDX-License-Identifier: Apache-2.0
#include "methods/weight_check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

Tensor with(std::vector<int64_t> place, float value) {
  Tensor out = at::ones({2, 3, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast);
  out[place[0]][place[1]][place[2]][place[3]] = value;
  return out;
}

TEST(UnusableWeightTest, NamesTensorElementAndValue) {
  EXPECT_EQ(unusable_weight({{"a", at::ones({3})}, {"conv.weight", with({1, 2, 0, 3}, NAN)}}),
            "conv.weight[1, 2, 0, 3] is nan");
  EXPECT_EQ(unusable_weight({{"conv.weight", with({0, 0, 3, 0}, -INFINITY)}}), "conv.weight[0, 0, 3, 0] is -inf");
  EXPECT_EQ(unusable_weight({{"scale", at::scalar_tensor(NAN)}}), "scale is nan");
}

TEST(UnusableWeightTest, AVarianceBelowNoneIsUnusable) {
  const Tensor variance = at::tensor({1.f, 0.f, -1e-3f});
  EXPECT_EQ(unusable_weight({{"bn.running_var", variance}}), "bn.running_var[2] is -0.001");
  EXPECT_EQ(unusable_weight({{"bn.running_mean", variance}}), "");
}

TEST(UnusableWeightTest, HalvesAndCountersAreLookedAtAsTheyAre) {
  EXPECT_EQ(unusable_weight({{"h", at::ones({2}, at::kHalf)}, {"n", at::zeros({}, at::kLong)}}), "");
  EXPECT_EQ(unusable_weight({{"h", at::full({1}, INFINITY, at::kHalf)}}), "h[0] is inf");
}

}  // namespace
}  // namespace sslbench
