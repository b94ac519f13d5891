// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/matrix_work.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "methods/backbone.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/chosen_kernels.h"
#include "suites/tensors/conv3x3/conv3x3.h"

namespace sslbench {
namespace {

double operations(const std::function<void()>& work) {
  const MatrixWork counter;
  work();
  return counter.operations();
}

Tensor leaf(at::IntArrayRef shape) { return at::randn(shape).requires_grad_(); }

TEST(MatrixWorkTest, AProductIsTwoOperationsAPairAndItsGradientTwoProducts) {
  const Tensor a = leaf({3, 5}), b = leaf({5, 7}), bias = leaf({7});
  EXPECT_EQ(operations([&] { at::mm(a, b); }), 2 * 3 * 5 * 7);
  EXPECT_EQ(operations([&] { at::mm(a, b).sum().backward(); }), 3 * 2 * 3 * 5 * 7);
  EXPECT_EQ(operations([&] { at::linear(a, b.detach().t(), bias); }), 2 * 3 * 5 * 7);
  EXPECT_EQ(operations([&] { at::bmm(leaf({2, 3, 5}), leaf({2, 5, 7})); }), 2 * 2 * 3 * 5 * 7);
}

TEST(MatrixWorkTest, AConvolutionMeetsEveryPlaceOfItsOutput) {
  const Tensor x = leaf({2, 4, 9, 9}), w = leaf({6, 2, 3, 3});  // two groups
  const double once = 2.0 * 2 * 6 * 5 * 5 * 2 * 9;
  const auto convolve = [&] { return at::conv2d(x, w, {}, {2, 2}, {1, 1}, {1, 1}, 2); };
  EXPECT_EQ(operations([&] { convolve(); }), once);
  EXPECT_EQ(operations([&] { convolve().sum().backward(); }), 3 * once);
}

TEST(MatrixWorkTest, AnOwnConvolutionCountsAsTheDirectOneItStandsFor) {
  const Tensor x = at::randn({2, 32, 9, 7}).contiguous(at::MemoryFormat::ChannelsLast), w = leaf({48, 32, 3, 3});
  for (const Kernels kernels : {Kernels::own, Kernels::library}) {
    const ChosenKernels chosen(kernels);
    for (const bool wanted : {false, true}) {
      const auto convolve = [&] { conv3x3(x.detach().requires_grad_(wanted), w, {}).sum().backward(); };
      EXPECT_EQ(operations(convolve), (wanted ? 3 : 2) * 2.0 * 2 * 48 * 9 * 7 * 32 * 9);
    }
  }
}

TEST(MatrixWorkTest, AGradientThatNobodyWantsIsNotComputed) {
  const Tensor x = at::randn({2, 4, 8, 8}), w = leaf({6, 4, 3, 3});
  const double once = 2.0 * 2 * 6 * 8 * 8 * 4 * 9;
  EXPECT_EQ(operations([&] { at::conv2d(x, w, {}, {1, 1}, {1, 1}).sum().backward(); }), 2 * once);
}

TEST(MatrixWorkTest, ATransposedConvolutionMeetsEveryPlaceOfItsInput) {
  const Tensor x = leaf({2, 4, 5, 5}), w = leaf({4, 6, 2, 2});
  const double once = 2.0 * 2 * 5 * 5 * 4 * 6 * 4;
  EXPECT_EQ(operations([&] { at::conv_transpose2d(x, w, {}, {2, 2}); }), once);
  EXPECT_EQ(operations([&] { at::conv_transpose2d(x, w, {}, {2, 2}).sum().backward(); }), 3 * once);
}

TEST(MatrixWorkTest, AttentionIsItsScoresAndWhatTheyWeigh) {
  const Tensor q = leaf({2, 3, 17, 8}), k = leaf({2, 3, 11, 8}), v = leaf({2, 3, 11, 8});
  const double once = 4.0 * 2 * 3 * 17 * 11 * 8;
  EXPECT_EQ(operations([&] { at::scaled_dot_product_attention(q, k, v); }), once);
  EXPECT_EQ(operations([&] { at::scaled_dot_product_attention(q, k, v).sum().backward(); }), 3 * once);
}

TEST(MatrixWorkTest, OtherThreadsCountAndNothingAfterItsEnd) {
  const Tensor a = at::randn({4, 4});
  EXPECT_EQ(operations([&] { std::thread([&] { at::mm(a, a); }).join(); }), 2 * 64);
  at::mm(a, a);
  EXPECT_EQ(operations([] {}), 0);
}

// He et al. (CVPR 2016) give 1.8 billion multiplications for ResNet-18 at 224 px, torchvision 1.814.
TEST(MatrixWorkTest, ResNet18HasItsPublishedWork) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  const auto backbone = make_backbone("resnet18", {{"stem", "imagenet"}}, generator);
  const at::NoGradGuard no_grad;
  const double work = operations([&] { backbone->features(at::randn({1, 3, 224, 224})); });
  EXPECT_NEAR(work / 2e9, 1.814, 0.005);
}

}  // namespace
}  // namespace sslbench
