// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/norm_act/norm_act.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/function.h>

#include <limits>

#include "suites/tensors/aten.h"
#include "suites/tensors/chosen_kernels.h"

namespace sslbench {
namespace {

using at::Tensor;

struct Case {
  std::vector<int64_t> shape;
  bool residual = true, relu = true;
  at::ScalarType type = at::kFloat;
};

// x, residual, weight, bias, running mean and variance, and the output's gradient; leaves where they have one.
struct Inputs {
  Tensor x, residual, weight, bias, mean, variance, dy;
};

Tensor leaf(const Tensor& value) { return value.detach().clone().requires_grad_(); }

Tensor channels_innermost(const Tensor& x) { return x.dim() == 4 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x; }

Inputs inputs_of(const Case& asked, double mean = 0) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  const auto normal = [&](at::IntArrayRef shape) { return at::randn(shape, generator); };
  const auto map = [&] { return channels_innermost(normal(asked.shape).to(asked.type)); };
  const int64_t C = asked.shape[1];
  Inputs out{leaf(channels_innermost((normal(asked.shape) + mean).to(asked.type))), {}, leaf(normal({C}) + 1)};
  out.bias = leaf(normal({C}));
  out.mean = normal({C}), out.variance = normal({C}).abs() + 0.5;
  if (asked.residual) out.residual = leaf(map());
  out.dy = map();
  return out;
}

// The output, the gradients of x, residual, weight and bias, and the running statistics.
std::vector<Tensor> results(const Case& asked, Kernels kernels, double mean = 0, int steps = 1) {
  const ChosenKernels chosen(kernels);
  const Inputs in = inputs_of(asked, mean);
  Tensor y;
  for (int i = 0; i < steps; ++i) {
    y = norm_act(in.x, {in.weight, in.bias, in.mean, in.variance}, in.residual, asked.relu);
  }
  y.backward(in.dy);
  std::vector<Tensor> out = {y.detach(), in.x.grad(), in.weight.grad(), in.bias.grad(), in.mean, in.variance};
  if (asked.residual) out.push_back(in.residual.grad());
  return out;
}

double largest(const Tensor& x) { return x.to(at::kDouble).abs().max().item<double>(); }

bool by_own(const Tensor& y) {
  return y.grad_fn() != nullptr && y.grad_fn()->name().find("NormAct") != std::string::npos;
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{64, 8, 1, 1},
                                            {2, 64, 1, 1},
                                            {1, 64, 9, 7},
                                            {1024, 8},
                                            {33, 512},
                                            {5, 12, 3, 3},
                                            {16, 16, 32, 32},
                                            {2, 3, 5, 5},
                                            {7, 200, 2, 2}}) {
    for (const bool residual : {false, true}) {
      for (const bool relu : {false, true}) out.push_back({shape, residual, relu});
    }
  }
  return out;
}

TEST(NormActTest, EqualsTheLibrarysOperatorsForwardAndBackward) {
  for (const Case& each : cases()) {
    const auto got = results(each, Kernels::own), want = results(each, Kernels::library);
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_LE(largest(got[i] - want[i]), 2e-5 * std::max(1.0, largest(want[i])))
          << "result " << i << " of " << at::IntArrayRef(each.shape) << each.residual << each.relu;
      EXPECT_EQ(got[i].strides(), want[i].strides());
    }
  }
}

TEST(NormActTest, InBfloat16IsWithinARoundingOfFloat32) {
  for (Case each : cases()) {
    each.type = at::kBFloat16;
    const ChosenKernels own(Kernels::own);
    const Inputs in = inputs_of(each);
    const auto run = [&](const Tensor& x, const Tensor& residual) {
      return norm_act(x, {in.weight, in.bias, in.mean.clone(), in.variance.clone()}, residual, each.relu);
    };
    const Tensor got = run(in.x, in.residual);
    const Tensor want = run(in.x.to(at::kFloat), each.residual ? in.residual.to(at::kFloat) : Tensor());
    ASSERT_EQ(got.scalar_type(), at::kBFloat16);
    EXPECT_TRUE(got.equal(want.to(at::kBFloat16))) << "LibTorch rounds float32 to the same bfloat16";
    got.backward(in.dy);
    const Tensor dx = in.x.grad().to(at::kFloat);
    in.x.mutable_grad() = Tensor();
    want.backward(in.dy.to(at::kFloat));
    EXPECT_LE(largest(dx - in.x.grad().to(at::kFloat)), largest(dx) / 64) << at::IntArrayRef(each.shape);
  }
}

// The formula in double: y = max(weight (x - mean) / std + bias + e, 0), and its gradient by central differences.
TEST(NormActTest, GradientIsThatOfFiniteDifferences) {
  const Case asked{{6, 4, 2, 2}};
  const Inputs in = inputs_of(asked);
  const auto loss = [&](const Tensor& x) {
    const Tensor mean = x.mean({0, 2, 3}, true), variance = (x - mean).square().mean({0, 2, 3}, true);
    const Tensor y = in.weight.to(at::kDouble).view({1, -1, 1, 1}) * (x - mean) / (variance + 1e-5).sqrt() +
                     in.bias.to(at::kDouble).view({1, -1, 1, 1}) + in.residual.to(at::kDouble);
    return (y.relu() * in.dy.to(at::kDouble)).sum().item<double>();
  };
  const Tensor dx = results(asked, Kernels::own)[1].contiguous().flatten();
  const Tensor x = in.x.detach().to(at::kDouble).contiguous();
  constexpr double kStep = 1e-6;
  for (int64_t i = 0; i < x.numel(); ++i) {
    Tensor up = x.clone(), down = x.clone();
    up.flatten()[i] += kStep, down.flatten()[i] -= kStep;
    EXPECT_NEAR(dx[i].item<double>(), (loss(up) - loss(down)) / (2 * kStep), 2e-5) << i;
  }
}

TEST(NormActTest, StatisticsHoldFarFromZero) {
  for (const double mean : {0.0, 10.0, 100.0, 1000.0}) {
    const Case asked{{64, 8, 32, 32}, false, false};
    const Inputs in = inputs_of(asked, mean);
    const Tensor x = in.x.detach().to(at::kDouble);
    const auto got = results(asked, Kernels::own, mean);
    const Tensor before = in.variance.to(at::kDouble), variance = (got[5].to(at::kDouble) - 0.9 * before) / 0.1;
    const Tensor want = x.transpose(0, 1).flatten(1).var(1, true);
    EXPECT_LE(largest(variance / want - 1), 3e-6) << mean;
    EXPECT_LE(largest(got[4].to(at::kDouble) - (0.9 * in.mean.to(at::kDouble) + 0.1 * x.mean({0, 2, 3}))),
              1e-6 * (1 + mean));
  }
}

TEST(NormActTest, RunningStatisticsMoveAsTheLibrarysDo) {
  const Case asked{{9, 24, 3, 5}};
  const auto got = results(asked, Kernels::own, 2, 3), want = results(asked, Kernels::library, 2, 3);
  EXPECT_LE(largest(got[4] - want[4]), 1e-6);
  EXPECT_LE(largest(got[5] - want[5]), 1e-6);
}

TEST(NormActTest, BitsAreEqualForAnyNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const Case asked{{31, 16, 17, 19}, true, true, type};
    at::set_num_threads(1);
    const auto one = results(asked, Kernels::own);
    at::set_num_threads(4);
    const auto four = results(asked, Kernels::own);
    at::set_num_threads(before);
    for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(four[i])) << i;
  }
}

// x on which the norm has next to nothing to do but the mask: zeros of both signs, the smallest numbers, both sides of
// 0.
TEST(NormActTest, MaskOfTheBackwardPassIsThatOfTheOutput) {
  const ChosenKernels own(Kernels::own);
  at::Generator generator = at::detail::createCPUGenerator(3);
  Tensor x = at::randn({1 << 16, 16}, generator).to(at::kBFloat16);
  x.view({-1}).narrow(0, 0, 4).copy_(at::tensor(std::vector<double>{0.0, -0.0, 1e-39, -1e-39}));
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const Tensor leaf_x = leaf(x.to(type)), weight = leaf(at::ones({16})), bias = leaf(at::zeros({16}));
    const Tensor y = norm_act(leaf_x, {weight, bias, at::zeros({16}), at::ones({16})}, {}, true);
    y.backward(at::ones_like(y));
    EXPECT_EQ(bias.grad().sum().item<double>(), static_cast<double>((y > 0).sum().item<int64_t>()));
  }
}

TEST(NormActTest, NanStaysNan) {
  const ChosenKernels own(Kernels::own);
  for (const bool residual : {false, true}) {
    const Inputs in = inputs_of({{8, 8, 2, 2}, residual});
    const at::NoGradGuard no_grad;
    in.x[0][0][0][0].fill_(std::numeric_limits<double>::quiet_NaN());
    const Tensor y = norm_act(in.x, {in.weight, in.bias, in.mean, in.variance}, in.residual, true);
    EXPECT_TRUE(y.select(1, 0).isnan().all().item<bool>()) << "all of the channel";
    EXPECT_TRUE(y.narrow(1, 1, 7).isfinite().all().item<bool>());
  }
}

TEST(NormActTest, EvaluationUsesTheRunningStatisticsAndLeavesThem) {
  const Inputs in = inputs_of({{4, 8, 3, 3}});
  const at::NoGradGuard no_grad;
  const Tensor mean = in.mean.clone();
  const NormLayer layer{in.weight, in.bias, in.mean, in.variance, /*training=*/false};
  const Tensor want = norm_act(in.x, layer, in.residual, true);
  const ChosenKernels own(Kernels::own);
  EXPECT_LE(largest(norm_act(in.x, layer, in.residual, true) - want), 1e-5);
  EXPECT_TRUE(in.mean.equal(mean));
}

TEST(NormActTest, WhatItDoesNotTakeIsTheLibrarys) {
  const ChosenKernels own(Kernels::own);
  const auto run = [](const Inputs& in, bool training = true) {
    return norm_act(in.x, {in.weight, in.bias, in.mean, in.variance, training}, in.residual, true);
  };
  const Case asked{{4, 8, 3, 3}};
  EXPECT_TRUE(by_own(run(inputs_of(asked))));
  Inputs doubles = inputs_of({{4, 8, 3, 3}, true, true, at::kDouble});
  for (Tensor* each : {&doubles.weight, &doubles.bias, &doubles.mean, &doubles.variance}) *each = each->to(at::kDouble);
  EXPECT_FALSE(by_own(run(doubles)));
  Inputs outermost = inputs_of(asked);
  outermost.x = leaf(outermost.x.contiguous());
  EXPECT_FALSE(by_own(run(outermost)));
  Inputs plain = inputs_of(asked);
  plain.weight = plain.bias = Tensor();
  EXPECT_FALSE(by_own(run(plain)));
  EXPECT_FALSE(by_own(run(inputs_of(asked), /*training=*/false)));
}

TEST(NormActTest, BranchesThatNobodyAsksForHaveNoGradient) {
  const ChosenKernels own(Kernels::own);
  const Inputs in = inputs_of({{4, 8, 3, 3}});
  const Tensor y = norm_act(in.x, {in.weight, in.bias, in.mean, in.variance}, in.residual.detach(), true);
  (y * 0 + in.x).sum().backward();
  EXPECT_TRUE(in.x.grad().equal(at::ones_like(in.x)));
  EXPECT_FALSE(in.residual.grad().defined());
}

}  // namespace
}  // namespace sslbench
