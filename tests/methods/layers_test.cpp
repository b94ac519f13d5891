// SPDX-License-Identifier: Apache-2.0
#include "methods/layers.h"

#include <gtest/gtest.h>

#include <future>
#include <limits>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

// What is freed here is what the next gradients of that size are made of.
void leave_nan_in_memory(const at::Tensor& like) {
  for (int i = 0; i < 8; ++i) at::full_like(like, std::numeric_limits<double>::quiet_NaN(), at::kBFloat16);
}

TEST(Conv2dTest, TapsThatMeetOnlyPaddingHaveNoGradientInBf16) {
  at::Generator generator = at::detail::createCPUGenerator(3);
  const Conv2d conv({.in = 16, .out = 16, .kernel = 3, .stride = 2, .padding = 1}, generator);
  for (int i = 0; i < 40; ++i) {
    const Autocast autocast(at::kCPU, at::kBFloat16);
    conv.weight.mutable_grad() = Tensor();
    leave_nan_in_memory(conv.weight);
    conv(at::randn({4, 16, 1 + i % 2, 1 + i / 2 % 2}).contiguous(at::MemoryFormat::ChannelsLast)).sum().backward();
    ASSERT_TRUE(conv.weight.grad().isfinite().all().item<bool>()) << "round " << i;
    EXPECT_EQ(conv.weight.grad().narrow(2, 0, 1).abs().sum().item<double>(), 0) << "above every map of one or two rows";
  }
}

TEST(BatchNormTest, PartsHaveStatisticsOfTheirOwnAsOnAsManyGpus) {
  BatchNorm split(3);
  const BatchNorm one_by_one(3);
  const Tensor x_NCHW = at::randn({7, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast);
  std::vector<Tensor> expected;
  for (const Tensor& part : x_NCHW.tensor_split(3)) expected.push_back(one_by_one(part));
  split_batch_norm(split, 3);
  const Tensor got = split(x_NCHW);
  EXPECT_TRUE(got.equal(at::cat(expected)));
  EXPECT_TRUE(got.is_contiguous(at::MemoryFormat::ChannelsLast));
  for (size_t i = 0; i < split.state().size(); ++i) {
    EXPECT_TRUE(split.state()[i].second.equal(one_by_one.state()[i].second)) << split.state()[i].first;
  }
}

struct Holder final : Module {
  explicit Holder(Module& child) { add_child("held", child); }
};

// A network whose batch norm lies two levels down.
struct DeepNorm final : Module {
  DeepNorm() { add_child("holder", holder); }
  BatchNorm inner{3};
  Holder holder{inner};
};

TEST(BatchNormTest, PartsReachAllLayersOfTheirNetworkAndNoOther) {
  DeepNorm split, whole;
  const BatchNorm untouched(3);
  split_batch_norm(split, 2);
  const Tensor x_NC = at::randn({8, 3}), expected = untouched(x_NC);
  const Tensor in_parts = split.inner(x_NC);
  EXPECT_FALSE(in_parts.equal(expected));
  EXPECT_TRUE(whole.inner(x_NC).equal(expected)) << "of another network on the same thread";
  EXPECT_TRUE(std::async(std::launch::async, [&] { return split.inner(x_NC); }).get().equal(in_parts))
      << "whichever thread it runs on";
  split_batch_norm(split, 1);
  EXPECT_TRUE(split.inner(x_NC).equal(expected));
}

TEST(BatchNormTest, EvaluationKnowsNoParts) {
  BatchNorm norm(3);
  norm.train(false);
  const Tensor x_NC = at::randn({4, 3});
  const Tensor whole = norm(x_NC);
  split_batch_norm(norm, 2);
  EXPECT_TRUE(norm(x_NC).equal(whole));
}

TEST(Conv2dTest, MapsOfOneRowOrColumnGiveWhatTheirStrideSays) {
  at::Generator generator = at::detail::createCPUGenerator(3);
  const Conv2d conv({.in = 4, .out = 4, .kernel = 3, .stride = 2, .padding = 1}, generator);
  for (const auto& [height, width] : {std::pair{1, 1}, std::pair{1, 6}, std::pair{5, 1}, std::pair{5, 6}}) {
    const Tensor x_NCHW = at::randn({2, 4, height, width});
    EXPECT_TRUE(conv(x_NCHW).allclose(at::conv2d(x_NCHW, conv.weight, conv.bias, 2, 1), 1e-5, 1e-6));
  }
}

}  // namespace
}  // namespace sslbench
