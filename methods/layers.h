// SPDX-License-Identifier: Apache-2.0
// The layers that networks here are made of, with torch.nn's parameter names, defaults and initialisation.
// Shapes: N batch, C channels, H W height and width, D features.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// torch.nn's default kaiming_uniform_(a = sqrt 5), or kaiming_normal_(fan_out, relu) of torchvision's ResNet, or the
// transformers' trunc_normal_(std 0.02) with bias 0: its cut at +-2 is 100 standard deviations away, so a plain normal.
// kaiming_zero_bias: kaiming_fan_out with bias 0 (torchvision's MobileNetV3 and EfficientNet).
enum class ConvInit { torch_default, kaiming_fan_out, kaiming_zero_bias, narrow_normal };
enum class LinearInit { torch_default, narrow_normal };

struct ConvShape {
  int64_t in = 0, out = 0, kernel = 1, stride = 1, padding = 0;
  bool bias = false;
  ConvInit init = ConvInit::torch_default;
  int64_t groups = 1;
};

class Conv2d final : public Module {
 public:
  Conv2d(const ConvShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x_NCHW) const;
  Tensor weight, bias;  // [out, in / groups, k, k]; bias undefined when absent

 private:
  int64_t stride_, padding_, groups_;
};

// Transposed convolution of kernel 4, stride 2, padding 1: doubles height and width.
class UpConv2d final : public Module {
 public:
  UpConv2d(int64_t in, int64_t out, at::Generator& generator);
  Tensor operator()(const Tensor& x_NCHW) const;

 private:
  Tensor weight_, bias_;  // [in, out, 4, 4], [out]
};

// Batch normalisation over all dimensions but the second: [N, C], [N, C, H, W]. Without `affine` there is no scale and
// shift.
class BatchNorm final : public Module {
 public:
  explicit BatchNorm(int64_t channels, bool affine = true, double eps = 1e-5, double momentum = 0.1);
  Tensor operator()(const Tensor& x) const { return normalised(x, {}, /*relu=*/false); }
  friend Tensor norm_act(const BatchNorm& norm, const Tensor& x, const Tensor& residual);
  // See split_batch_norm().
  void split(int64_t parts, const std::vector<int64_t>& own_rows) { parts_ = parts, own_rows_ = own_rows; }

 private:
  Tensor normalised(const Tensor& x, const Tensor& residual, bool relu) const;
  Tensor of_one_part(const Tensor& x, const Tensor& residual, bool relu) const;
  Tensor of_parts(const Tensor& x) const;
  std::vector<int64_t> own_rows_of(const Tensor& x) const;
  void count_batch() const;

  double eps_, momentum_;
  int64_t parts_ = 1;
  std::vector<int64_t> own_rows_;  // of every part; empty: the images as they come
  Tensor weight_, bias_, running_mean_, running_var_, num_batches_tracked_;
};

// relu(norm(x) [+ residual]) in one operator where there is one (suites/tensors/norm_act), else one after the other.
Tensor norm_act(const BatchNorm& norm, const Tensor& x, const Tensor& residual = {});

// From now on, the batch norm layers of `network` take a training batch in as many parts, each with statistics of its
// own, one after the other: as on that many GPUs. All other layers, and evaluation, see the whole batch.
// Where several ranks share the batch, the parts are of the whole batch; `own_rows` says how many of this rank's rows
// belong to each, when they come in the order of the parts and not as images lie in the batch.
void split_batch_norm(Module& network, int64_t parts, const std::vector<int64_t>& own_rows = {});

class GroupNorm final : public Module {
 public:
  GroupNorm(int64_t groups, int64_t channels);
  Tensor operator()(const Tensor& x_NCHW) const;

 private:
  int64_t groups_;
  Tensor weight_, bias_;
};

// Layer normalisation over the last dimension, at least in float32.
class LayerNorm final : public Module {
 public:
  explicit LayerNorm(int64_t features, double eps = 1e-5);
  Tensor operator()(const Tensor& x) const;
  Tensor weight, bias;  // [D]

 private:
  double eps_;
};

class Linear final : public Module {
 public:
  Linear(int64_t in, int64_t out, at::Generator& generator, bool bias = true,
         LinearInit init = LinearInit::torch_default);
  Tensor operator()(const Tensor& x_ND) const;

 private:
  Tensor weight_, bias_;  // [out, in], [out] or undefined
};

}  // namespace sslbench
