// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convnext_block.h"

#include <ATen/ops/gelu.h>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr double kLayerScale = 1e-6, kWeightStd = 0.02, kResponseEps = 1e-6;

struct Names {
  const char *gamma, *depthwise, *norm, *widen, *grn, *narrow;
};

Names names_of(ConvNeXtNames whose) {
  switch (whose) {
    case ConvNeXtNames::timm: return {"gamma", "conv_dw", "norm", "mlp.fc1", "mlp.grn", "mlp.fc2"};
    case ConvNeXtNames::authors: return {"gamma", "dwconv", "norm", "pwconv1", "grn", "pwconv2"};
    default: return {"layer_scale", "block.0", "block.2", "block.3", "block.grn", "block.5"};
  }
}

}  // namespace

GlobalResponseNorm::GlobalResponseNorm(int64_t channels) {
  weight_ = add_parameter("weight", constant_values({channels}, 0));
  bias_ = add_parameter("bias", constant_values({channels}, 0));
}

Tensor GlobalResponseNorm::operator()(const Tensor& z_NHWC) const {
  const Tensor g_N11C = at::linalg_vector_norm(z_NHWC, 2, {1, 2}, /*keepdim=*/true);
  const Tensor n_N11C = g_N11C / (g_N11C.mean({-1}, /*keepdim=*/true) + kResponseEps);
  return z_NHWC + (bias_ + weight_ * (z_NHWC * n_N11C));
}

ConvNeXtBlock::PointWise::PointWise(int64_t in, int64_t out, bool convolution, at::Generator& generator) {
  const std::vector<int64_t> shape = convolution ? std::vector<int64_t>{out, in, 1, 1} : std::vector<int64_t>{out, in};
  weight_ = add_parameter("weight", normal_values(shape, kWeightStd, generator));
  bias_ = add_parameter("bias", constant_values({out}, 0));
}

Tensor ConvNeXtBlock::PointWise::operator()(const Tensor& x_NHWC) const {
  return at::linear(x_NHWC, weight_.dim() == 4 ? weight_.flatten(1) : weight_, bias_);
}

ConvNeXtBlock::ConvNeXtBlock(int64_t C, const ConvNeXtShape& shape, at::Generator& generator)
    : depthwise_(
          {.in = C, .out = C, .kernel = 7, .padding = 3, .bias = true, .init = ConvInit::narrow_normal, .groups = C},
          generator),
      norm_(C, kConvNeXtEps),
      widen_(C, 4 * C, shape.conv_mlp, generator),
      grn_(shape.grn ? std::make_unique<GlobalResponseNorm>(4 * C) : nullptr),
      narrow_(4 * C, C, shape.conv_mlp, generator) {
  const Names names = names_of(shape.names);
  const bool flat = shape.names != ConvNeXtNames::torchvision;
  if (shape.layer_scale) {
    layer_scale_ =
        add_parameter(names.gamma, flat ? constant_values({C}, kLayerScale) : constant_values({C, 1, 1}, kLayerScale));
  }
  add_child(names.depthwise, depthwise_);
  add_child(names.norm, norm_);
  add_child(names.widen, widen_);
  if (grn_) add_child(names.grn, *grn_);
  add_child(names.narrow, narrow_);
}

Tensor ConvNeXtBlock::operator()(const Tensor& x_NCHW, const Tensor& keep_N) const {
  Tensor h_NHWC = at::gelu(widen_(norm_(depthwise_(x_NCHW).permute({0, 2, 3, 1}))));
  if (grn_) h_NHWC = (*grn_)(h_NHWC);
  Tensor y_NCHW = narrow_(h_NHWC).permute({0, 3, 1, 2});
  if (layer_scale_.defined()) y_NCHW = y_NCHW * layer_scale_.view({-1, 1, 1});
  if (keep_N.defined()) y_NCHW = y_NCHW * keep_N.view({-1, 1, 1, 1});
  // Where a product was the last step, neither of its factors is y, so no gradient needs its old value.
  return layer_scale_.defined() || keep_N.defined() ? y_NCHW.add_(x_NCHW) : y_NCHW + x_NCHW;
}

}  // namespace sslbench
