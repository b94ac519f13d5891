// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbones/convnext.h"

namespace sslbench {

inline constexpr double kConvNeXtEps = 1e-6;

// z + weight (z n) + bias, n = g / (mean of g over channels + 1e-6), g the L2 norm of each channel over space.
class GlobalResponseNorm final : public Module {
 public:
  explicit GlobalResponseNorm(int64_t channels);
  Tensor operator()(const Tensor& z_NHWC) const;

 private:
  Tensor weight_, bias_;
};

class ConvNeXtBlock final : public Module {
 public:
  ConvNeXtBlock(int64_t C, const ConvNeXtShape& shape, at::Generator& generator);
  // keep_N: s of every image; undefined: 1.
  Tensor operator()(const Tensor& x_NCHW, const Tensor& keep_N) const;

 private:
  // A linear layer over the channels of [N, H, W, C]; its weight may be that of a 1x1 convolution.
  class PointWise final : public Module {
   public:
    PointWise(int64_t in, int64_t out, bool convolution, at::Generator& generator);
    Tensor operator()(const Tensor& x_NHWC) const;

   private:
    Tensor weight_, bias_;
  };

  Tensor layer_scale_;
  Conv2d depthwise_;
  LayerNorm norm_;
  PointWise widen_;
  std::unique_ptr<GlobalResponseNorm> grn_;
  PointWise narrow_;
};

}  // namespace sslbench
