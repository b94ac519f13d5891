// SPDX-License-Identifier: Apache-2.0
#include "suites/training/gradient_sum.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

namespace sslbench {
namespace {

std::vector<NamedTensor> parameters() {
  const auto leaf = [](at::IntArrayRef sizes, at::ScalarType type) {
    return at::zeros(sizes, type).set_requires_grad(true);
  };
  return {{"everywhere", leaf({2, 3}, at::kFloat)},
          {"of_one_rank", leaf({4}, at::kFloat)},
          {"of_none", leaf({2}, at::kFloat)},
          {"double", leaf({}, at::kDouble)}};
}

TEST(GradientSumTest, AddsWhatRanksHaveAndCountsMissingGradientsAsZero) {
  run_as_ranks(3, [](Ranks& group) {
    const std::vector<NamedTensor> all = parameters();
    const auto give = [&](size_t i) { all[i].second.mutable_grad() = at::full_like(all[i].second, group.rank() + 1); };
    give(0);
    if (group.rank() == 1) give(1);
    give(3);
    GradientSum(all).sum(group);
    EXPECT_TRUE(all[0].second.grad().equal(at::full({2, 3}, 6.F)));
    EXPECT_TRUE(all[1].second.grad().equal(at::full({4}, 2.F)));
    EXPECT_FALSE(all[2].second.grad().defined());
    EXPECT_TRUE(all[3].second.grad().equal(at::full({}, 6., at::kDouble)));
  });
}

// Gradients of convolutions lie in channels-last layout.
TEST(GradientSumTest, KeepsTheLayoutOfAGradient) {
  const at::Tensor weight = at::zeros({2, 3, 2, 2}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor gradient = at::arange(24, at::kFloat).view({2, 3, 2, 2}).contiguous(at::MemoryFormat::ChannelsLast);
  run_as_ranks(2, [&](Ranks& group) {
    const at::Tensor own = weight.clone().set_requires_grad(true);
    own.mutable_grad() = gradient.clone();
    GradientSum({{"weight", own}}).sum(group);
    EXPECT_TRUE(own.grad().equal(2 * gradient));
    EXPECT_TRUE(own.grad().is_contiguous(at::MemoryFormat::ChannelsLast));
  });
}

}  // namespace
}  // namespace sslbench
