// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/conv3x3.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/function.h>

#include <limits>
#include <string>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/chosen_kernels.h"

namespace sslbench {
namespace {

using at::Tensor;
constexpr auto kInnermost = at::MemoryFormat::ChannelsLast;

struct Case {
  int64_t N, C, K, H, W;
  at::MemoryFormat weight = kInnermost;
  bool bias = false;
};

struct Inputs {
  Tensor x, weight, bias, dy;  // the first three are leaves
};

Inputs inputs_of(const Case& of) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  const auto normal = [&](at::IntArrayRef shape) { return at::randn(shape, generator); };
  Inputs out{normal({of.N, of.C, of.H, of.W}).contiguous(kInnermost).requires_grad_(),
             (normal({of.K, of.C, 3, 3}) / std::sqrt(9.0 * static_cast<double>(of.C))).contiguous(of.weight)};
  out.weight.requires_grad_();
  if (of.bias) out.bias = normal({of.K}).requires_grad_();
  out.dy = normal({of.N, of.K, of.H, of.W}).contiguous(kInnermost);
  return out;
}

// The output, and the gradients of x, weight and bias.
std::vector<Tensor> results(const Inputs& in, Kernels kernels) {
  const ChosenKernels chosen(kernels);
  const auto leaf = [](const Tensor& x) { return x.defined() ? x.detach().requires_grad_() : x; };
  const Tensor x = leaf(in.x), weight = leaf(in.weight), bias = leaf(in.bias);
  const Tensor y = conv3x3(x, weight, bias);
  y.backward(in.dy.to(y.scalar_type()));
  std::vector<Tensor> out = {y.detach(), x.grad(), weight.grad()};
  if (bias.defined()) out.push_back(bias.grad());
  return out;
}

std::vector<Tensor> in_double(const Inputs& in) {
  const auto to_double = [](const Tensor& x) { return x.defined() ? x.detach().to(at::kDouble) : x; };
  return results({to_double(in.x), to_double(in.weight), to_double(in.bias), in.dy}, Kernels::library);
}

double largest(const Tensor& x) { return x.to(at::kDouble).abs().max().item<double>(); }

bool by_own(const Tensor& y) {
  return y.grad_fn() != nullptr && y.grad_fn()->name().find("Conv3x3") != std::string::npos;
}

std::vector<Case> cases() {
  return {{1, 16, 16, 3, 3},
          {1, 32, 32, 1, 1},
          {1, 48, 16, 1, 7},
          {2, 16, 64, 5, 7},
          {3, 64, 64, 8, 8},
          {2, 32, 80, 9, 4},
          {1, 64, 128, 2, 2},
          {5, 128, 48, 4, 4},
          {1, 16, 208, 3, 3},
          {4, 64, 32, 13, 11},
          {2, 48, 64, 6, 6, at::MemoryFormat::Contiguous},
          {2, 64, 64, 6, 5, kInnermost, true},
          {64, 32, 32, 16, 16},
          {8, 256, 256, 4, 4}};
}

std::string text_of(const Case& of) {
  std::string out;
  for (const int64_t each : {of.N, of.C, of.K, of.H, of.W}) out += std::to_string(each) + " ";
  return out;
}

TEST(Conv3x3Test, EqualsTheConvolutionInDoubleForwardAndBackward) {
  for (const Case& each : cases()) {
    const Inputs in = inputs_of(each);
    const auto got = results(in, Kernels::own), want = in_double(in);
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_LE(largest(got[i] - want[i]), 3e-6 * largest(want[i])) << "result " << i << " of " << text_of(each);
      EXPECT_EQ(got[i].scalar_type(), at::kFloat);
    }
  }
}

TEST(Conv3x3Test, RoundsAboutAsTheLibraryDoes) {
  for (const Case& each : {Case{64, 32, 32, 16, 16}, Case{8, 256, 256, 4, 4}, Case{16, 64, 64, 8, 8}}) {
    const Inputs in = inputs_of(each);
    const auto own = results(in, Kernels::own), library = results(in, Kernels::library), exact = in_double(in);
    for (size_t i = 0; i < own.size(); ++i) {
      const auto error = [&](const Tensor& x) { return (x.to(at::kDouble) - exact[i]).norm().item<double>(); };
      EXPECT_LE(error(own[i]), 2.5 * error(library[i])) << "result " << i << " of " << text_of(each);
    }
  }
}

TEST(Conv3x3Test, LiesInMemoryAsTheLibrarysResultsDo) {
  for (const Case& each : cases()) {
    const auto got = results(inputs_of(each), Kernels::own);
    EXPECT_TRUE(got[0].is_contiguous(kInnermost) && got[1].is_contiguous(kInnermost)) << text_of(each);
    EXPECT_TRUE(got[2].is_contiguous(each.weight)) << text_of(each);
  }
}

TEST(Conv3x3Test, BitsAreEqualForAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const Case& each : {Case{5, 32, 80, 17, 19}, Case{3, 128, 128, 4, 4}}) {
    const Inputs in = inputs_of(each);
    at::set_num_threads(1);
    const auto one = results(in, Kernels::own);
    for (const int threads : {2, 4, 7}) {
      at::set_num_threads(threads);
      const auto many = results(in, Kernels::own);
      for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(many[i])) << i << " of " << text_of(each);
    }
    at::set_num_threads(before);
  }
}

TEST(Conv3x3Test, WhatIsNotANumberStaysWithItsNeighbours) {
  const ChosenKernels own(Kernels::own);
  const at::NoGradGuard no_grad;
  const Inputs in = inputs_of({2, 32, 32, 9, 9});
  in.x[0][3][4][4].fill_(std::numeric_limits<double>::quiet_NaN());
  const Tensor y = conv3x3(in.x, in.weight, {});
  EXPECT_TRUE(y[0].slice(1, 3, 6).slice(2, 3, 6).isnan().all().item<bool>());
  EXPECT_TRUE(y[1].isfinite().all().item<bool>());
}

TEST(Conv3x3Test, GradientsThatNobodyWantsAreNotThere) {
  const ChosenKernels own(Kernels::own);
  const Inputs in = inputs_of({2, 32, 32, 6, 6});
  conv3x3(in.x.detach(), in.weight, {}).backward(in.dy);
  EXPECT_FALSE(in.x.grad().defined());
  EXPECT_TRUE(in.weight.grad().defined());
  in.weight.mutable_grad() = Tensor();
  conv3x3(in.x, in.weight.detach(), {}).backward(in.dy);
  EXPECT_TRUE(in.x.grad().defined());
  EXPECT_FALSE(in.weight.grad().defined());
}

TEST(Conv3x3Test, WhatItDoesNotTakeIsTheLibrarys) {
  const Inputs in = inputs_of({2, 32, 32, 6, 6});
  EXPECT_FALSE(by_own(conv3x3(in.x, in.weight, {}))) << "not chosen";
  const ChosenKernels own(Kernels::own);
  EXPECT_TRUE(by_own(conv3x3(in.x, in.weight, {})));
  EXPECT_FALSE(by_own(conv3x3(in.x.contiguous(), in.weight, {})));
  EXPECT_FALSE(by_own(conv3x3(in.x.to(at::kDouble), in.weight.to(at::kDouble), {})));
  for (const Case& each : {Case{2, 24, 64, 6, 6}, Case{2, 64, 24, 6, 6}, Case{2, 3, 16, 6, 6}}) {
    const Inputs other = inputs_of(each);
    EXPECT_FALSE(by_own(conv3x3(other.x, other.weight, {}))) << text_of(each);
  }
  const Autocast autocast(at::kCPU, at::kBFloat16);
  EXPECT_FALSE(by_own(conv3x3(in.x, in.weight, {})));
}

}  // namespace
}  // namespace sslbench
