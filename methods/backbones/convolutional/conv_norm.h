// SPDX-License-Identifier: Apache-2.0
// What mobile and designed convolutional networks share: a convolution with its norm, and squeeze-and-excitation.
// Shapes: N images, C channels.
#pragma once

#include <string>

#include "methods/layers.h"

namespace sslbench {

enum class MapActivation { none, relu, silu, hard_swish };

// In place where the gradient allows it.
Tensor activated(Tensor x_NCHW, MapActivation activation);

struct ConvNormNames {
  std::string conv = "0", norm = "1";
};

// Convolution without bias, batch norm, activation. Padding keeps the size at stride 1.
class ConvNorm final : public Module {
 public:
  struct Shape {
    int64_t in = 0, out = 0, kernel = 1, stride = 1, groups = 1;
    MapActivation activation = MapActivation::none;
    double eps = 1e-5, momentum = 0.1;  // of the norm
    ConvInit init = ConvInit::kaiming_fan_out;
  };
  ConvNorm(const Shape& shape, at::Generator& generator, const ConvNormNames& names = {});
  Tensor operator()(const Tensor& x_NCHW) const;
  bool trains() const { return conv_.weight.requires_grad(); }

 private:
  MapActivation activation_;
  Conv2d conv_;
  BatchNorm norm_;
};

struct SqueezeShape {
  int64_t channels = 0, squeezed = 0;
  MapActivation activation = MapActivation::relu;
  bool hard_gate = false;  // the gate is relu6(x + 3) / 6, else a sigmoid
  ConvInit init = ConvInit::kaiming_zero_bias;
};

struct SqueezeNames {
  std::string reduce = "fc1", expand = "fc2";
};

// Squeeze-and-excitation: x gate(W2 act(W1 mean(x))). Hu, Shen, Sun, CVPR 2018, arXiv:1709.01507.
class SqueezeExcitation final : public Module {
 public:
  SqueezeExcitation(const SqueezeShape& shape, at::Generator& generator, const SqueezeNames& names = {});
  Tensor operator()(const Tensor& x_NCHW) const;

 private:
  MapActivation activation_;
  bool hard_gate_;
  Conv2d reduce_, expand_;
};

}  // namespace sslbench
