// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/recompute/recompute.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

using at::Tensor;

class RecomputeTest : public testing::Test {
 protected:
  RecomputeTest() {
    at::Generator generator = at::detail::createCPUGenerator(7);
    x_ = at::randn({4, 3}, generator).requires_grad_(true);
    weight_ = at::randn({3, 3}, generator).requires_grad_(true);
  }
  // Calls the block and the gradients of a sum of its squares.
  std::pair<Tensor, Tensor> gradients() {
    x_.mutable_grad() = weight_.mutable_grad() = Tensor();
    const Tensor y = recomputed(x_, [this](const Tensor& in) {
      ++calls_;
      if (is_second_pass()) ++second_passes_;
      was_autocast_ = at::mm(in, weight_).scalar_type() == at::kBFloat16;
      return at::mm(in, weight_).tanh().to(at::kFloat);
    });
    y.square().sum().backward();
    return {x_.grad(), weight_.grad()};
  }

  Tensor x_, weight_;
  int calls_ = 0, second_passes_ = 0;
  bool was_autocast_ = false;
};

TEST_F(RecomputeTest, GradientsAreTheSameBitForBit) {
  const auto kept = gradients();
  EXPECT_EQ(calls_, 1);
  const Recomputation recomputes(true);
  const auto again = gradients();
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(second_passes_, 1);
  EXPECT_TRUE(kept.first.equal(again.first));
  EXPECT_TRUE(kept.second.equal(again.second));
}

TEST_F(RecomputeTest, TheSecondPassRunsUnderTheSameAutocast) {
  const Recomputation recomputes(true);
  {
    const Autocast bf16(at::kCPU, at::kBFloat16);
    const Tensor y = recomputed(x_, [this](const Tensor& in) {
      was_autocast_ = at::mm(in, weight_).scalar_type() == at::kBFloat16;
      return at::mm(in, weight_);
    });
    ASSERT_TRUE(was_autocast_);
    was_autocast_ = false;
    const Autocast off(at::kCPU, std::nullopt);
    y.sum().backward();
  }
  EXPECT_TRUE(was_autocast_);
}

// The block's own parameters would go without a gradient: nothing links them to the output.
TEST_F(RecomputeTest, WhereTheInputNeedsNoGradientNothingIsDropped) {
  const Recomputation recomputes(true);
  x_ = x_.detach();
  gradients();
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(weight_.grad().defined());
}

TEST_F(RecomputeTest, WithoutGradientTheBlockIsCalledOnce) {
  const Recomputation recomputes(true);
  const at::NoGradGuard no_grad;
  recomputed(x_, [this](const Tensor& in) {
    ++calls_;
    return in + 1;
  });
  EXPECT_EQ(calls_, 1);
  EXPECT_FALSE(is_second_pass());
}

TEST_F(RecomputeTest, BlocksAfterEachOtherAreEachComputedTwice) {
  const auto twice = [this](const Tensor& in) {
    ++calls_;
    return at::mm(in, weight_).tanh();
  };
  const auto through = [&] {
    x_.mutable_grad() = Tensor();
    recomputed(recomputed(x_, twice), twice).sum().backward();
    return x_.grad();
  };
  const Tensor kept = through();
  const Recomputation recomputes(true);
  calls_ = 0;
  EXPECT_TRUE(through().equal(kept));
  EXPECT_EQ(calls_, 4);
}

}  // namespace
}  // namespace sslbench
