// SPDX-License-Identifier: Apache-2.0
#include "methods/layers.h"

#include <ATen/ops/layer_norm.h>

#include <array>
#include <cmath>

#include "methods/initial_values.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/capture.h"
#include "suites/tensors/conv3x3/conv3x3.h"
#include "suites/tensors/norm_act/norm_act.h"
#include "suites/tensors/ranks/batch_norm_over_ranks.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

constexpr double kNarrow = 0.02;

// torch.nn: weight U(+-1/sqrt(fan_in)) (kaiming_uniform with a = sqrt 5), bias the same bound.
double default_bound(int64_t fan_in) { return 1.0 / std::sqrt(static_cast<double>(fan_in)); }

Tensor conv_weight(const ConvShape& shape, at::Generator& generator) {
  const int64_t area = shape.kernel * shape.kernel, in = shape.in / shape.groups;
  const std::vector<int64_t> sizes{shape.out, in, shape.kernel, shape.kernel};
  switch (shape.init) {
    case ConvInit::kaiming_fan_out:
    case ConvInit::kaiming_zero_bias:
      return normal_values(sizes, std::sqrt(2.0 / static_cast<double>(shape.out * area)), generator);
    case ConvInit::narrow_normal: return normal_values(sizes, kNarrow, generator);
    default: return uniform_values(sizes, default_bound(in * area), generator);
  }
}

}  // namespace

Conv2d::Conv2d(const ConvShape& shape, at::Generator& generator)
    : stride_(shape.stride), padding_(shape.padding), groups_(shape.groups) {
  weight = add_parameter("weight", conv_weight(shape, generator));
  if (!shape.bias) return;
  const double bound = default_bound(shape.in / shape.groups * shape.kernel * shape.kernel);
  const bool zero = shape.init == ConvInit::narrow_normal || shape.init == ConvInit::kaiming_zero_bias;
  bias = add_parameter("bias", zero ? constant_values({shape.out}, 0) : uniform_values({shape.out}, bound, generator));
}

// Over a map of one row the kernel has one place, whatever the stride. It is 1 there: with a larger one oneDNN leaves
// the bfloat16 gradient of taps that meet nothing but padding as it finds it in memory (torch 2.11 in Python, too).
Tensor Conv2d::operator()(const Tensor& x_NCHW) const {
  const bool keeps_size = weight.size(2) == 2 * padding_ + 1;
  const auto stride = [&](int64_t side) { return side == 1 && keeps_size ? 1 : stride_; };
  const std::array<int64_t, 2> strides{stride(x_NCHW.size(2)), stride(x_NCHW.size(3))};
  const bool dense = weight.size(2) == 3 && padding_ == 1 && groups_ == 1 && strides[0] == 1 && strides[1] == 1;
  if (dense) return conv3x3(x_NCHW, weight, bias);
  return at::conv2d(x_NCHW, weight, bias, strides, padding_, /*dilation=*/1, groups_);
}

UpConv2d::UpConv2d(int64_t in, int64_t out, at::Generator& generator) {
  const double bound = default_bound(out * 16);  // torch.nn takes fan_in from dimension 1, which is `out` here
  weight_ = add_parameter("weight", uniform_values({in, out, 4, 4}, bound, generator));
  bias_ = add_parameter("bias", uniform_values({out}, bound, generator));
}

Tensor UpConv2d::operator()(const Tensor& x_NCHW) const {
  return at::conv_transpose2d(x_NCHW, weight_, bias_, /*stride=*/2, /*padding=*/1);
}

BatchNorm::BatchNorm(int64_t channels, bool affine, double eps, double momentum) : eps_(eps), momentum_(momentum) {
  if (affine) {
    weight_ = add_parameter("weight", constant_values({channels}, 1));
    bias_ = add_parameter("bias", constant_values({channels}, 0));
  }
  running_mean_ = add_buffer("running_mean", constant_values({channels}, 0));
  running_var_ = add_buffer("running_var", constant_values({channels}, 1));
  num_batches_tracked_ = add_host_buffer("num_batches_tracked", at::zeros({}, at::kLong));
}

namespace {

// What moves with a batch moves once, however often its activations are computed.
Tensor moved(const Tensor& statistic) { return is_second_pass() ? statistic.clone() : statistic; }

}  // namespace

Tensor BatchNorm::normalised(const Tensor& x, const Tensor& residual, bool relu) const {
  if (!training() || (parts_ == 1 && ranks().alone())) return of_one_part(x, residual, relu);
  Tensor y = of_parts(x);
  if (residual.defined()) y.add_(residual);
  return relu ? y.relu_() : y;
}

Tensor BatchNorm::of_parts(const Tensor& x) const {
  if (!ranks().alone()) {
    moved(num_batches_tracked_).add_(parts_);
    return batch_norm_over_ranks(x, weight_, bias_, {moved(running_mean_), moved(running_var_), momentum_}, eps_,
                                 own_rows_of(x));
  }
  std::vector<Tensor> out;
  for (const Tensor& part : x.tensor_split(parts_)) out.push_back(of_one_part(part, {}, /*relu=*/false));
  return at::cat(out);
}

Tensor BatchNorm::of_one_part(const Tensor& x, const Tensor& residual, bool relu) const {
  if (training() && x.numel() <= x.size(1)) {  // the deviation of one value is none, and its estimate would be NaN
    throw UserError("batch normalisation needs more than one value a channel, and a batch of " +
                    std::to_string(x.size(0)) + " gives " + std::to_string(x.numel() / x.size(1)) +
                    "; choose another batch_size");
  }
  if (training()) count_batch();
  const Tensor mean = moved(running_mean_), variance = moved(running_var_);
  return norm_act(x, {weight_, bias_, mean, variance, training(), momentum_, eps_}, residual, relu);
}

Tensor norm_act(const BatchNorm& norm, const Tensor& x, const Tensor& residual) {
  return norm.normalised(x, residual, /*relu=*/true);
}

void BatchNorm::count_batch() const {
  const Tensor count = moved(num_batches_tracked_);
  if (auto* capture = Capture::current()) return capture->after_replay([count] { count.add_(1); });
  count.add_(1);
}

std::vector<int64_t> BatchNorm::own_rows_of(const Tensor& x) const {
  if (parts_ == 1) return {x.size(0)};
  return own_rows_.empty() ? own_images_of_parts(parts_) : own_rows_;
}

void split_batch_norm(Module& network, int64_t parts, const std::vector<int64_t>& own_rows) {
  network.visit([&](Module& each) {
    if (auto* norm = dynamic_cast<BatchNorm*>(&each)) norm->split(parts, own_rows);
  });
}

GroupNorm::GroupNorm(int64_t groups, int64_t channels) : groups_(groups) {
  weight_ = add_parameter("weight", constant_values({channels}, 1));
  bias_ = add_parameter("bias", constant_values({channels}, 0));
}

Tensor GroupNorm::operator()(const Tensor& x_NCHW) const {
  return at::group_norm(x_NCHW, groups_, weight_.to(x_NCHW.scalar_type()), bias_.to(x_NCHW.scalar_type()), 1e-5, true);
}

LayerNorm::LayerNorm(int64_t features, double eps) : eps_(eps) {
  weight = add_parameter("weight", constant_values({features}, 1));
  bias = add_parameter("bias", constant_values({features}, 0));
}

Tensor LayerNorm::operator()(const Tensor& x) const {
  return at::layer_norm(x.scalar_type() == weight.scalar_type() ? x : x.to(weight.scalar_type()), weight.sizes(),
                        weight, bias, eps_);
}

Linear::Linear(int64_t in, int64_t out, at::Generator& generator, bool bias, LinearInit init) {
  const bool narrow = init == LinearInit::narrow_normal;
  const double bound = default_bound(in);
  weight_ = add_parameter(
      "weight", narrow ? normal_values({out, in}, kNarrow, generator) : uniform_values({out, in}, bound, generator));
  if (bias) bias_ = add_parameter("bias", narrow ? constant_values({out}, 0) : uniform_values({out}, bound, generator));
}

Tensor Linear::operator()(const Tensor& x_ND) const { return at::linear(x_ND, weight_, bias_); }

}  // namespace sslbench
