// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/conv_norm.h"

#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>

#include "suites/tensors/aten.h"

namespace sslbench {

Tensor activated(Tensor x_NCHW, MapActivation activation) {
  switch (activation) {
    case MapActivation::relu: return x_NCHW.relu_();
    case MapActivation::silu: return at::silu(x_NCHW);
    case MapActivation::hard_swish: return at::hardswish(x_NCHW);
    default: return x_NCHW;
  }
}

ConvNorm::ConvNorm(const Shape& shape, at::Generator& generator, const ConvNormNames& names)
    : activation_(shape.activation),
      conv_({.in = shape.in,
             .out = shape.out,
             .kernel = shape.kernel,
             .stride = shape.stride,
             .padding = shape.kernel / 2,
             .init = shape.init,
             .groups = shape.groups},
            generator),
      norm_(shape.out, /*affine=*/true, shape.eps, shape.momentum) {
  add_child(names.conv, conv_);
  add_child(names.norm, norm_);
}

Tensor ConvNorm::operator()(const Tensor& x_NCHW) const {
  const Tensor y_NCHW = conv_(x_NCHW);
  return activation_ == MapActivation::relu ? norm_act(norm_, y_NCHW) : activated(norm_(y_NCHW), activation_);
}

SqueezeExcitation::SqueezeExcitation(const SqueezeShape& shape, at::Generator& generator, const SqueezeNames& names)
    : activation_(shape.activation),
      hard_gate_(shape.hard_gate),
      reduce_({.in = shape.channels, .out = shape.squeezed, .bias = true, .init = shape.init}, generator),
      expand_({.in = shape.squeezed, .out = shape.channels, .bias = true, .init = shape.init}, generator) {
  add_child(names.reduce, reduce_);
  add_child(names.expand, expand_);
}

Tensor SqueezeExcitation::operator()(const Tensor& x_NCHW) const {
  const Tensor gate_NC11 = expand_(activated(reduce_(x_NCHW.mean({2, 3}, /*keepdim=*/true)), activation_));
  return x_NCHW * (hard_gate_ ? at::hardsigmoid(gate_NC11) : at::sigmoid(gate_NC11));
}

}  // namespace sslbench
