// SPDX-License-Identifier: Apache-2.0
// From the last feature map back to the image. Shapes: N images, C channels, H W.
#pragma once

#include <memory>
#include <vector>

#include "methods/layers.h"

namespace sslbench {

// Squared error, mean or sum over all elements; the target is never differentiated.
Tensor reconstruction_loss(const Tensor& reconstruction_NCHW, const Tensor& target_NCHW, bool sum);

// Mirrors a backbone's stride: one transposed convolution per factor of two, channels -> channels/2 -> ... -> 3, never
// narrower than 8 before the last step.
class ImageDecoder final : public Module {
 public:
  ImageDecoder(int64_t channels, int64_t stride, at::Generator& generator);
  // [N, C, h, w] -> [N, 3, height, width] float32: the upper left part where the stride does not divide the size.
  Tensor operator()(const Tensor& map_NChw, int64_t height, int64_t width) const;

 private:
  std::vector<std::unique_ptr<UpConv2d>> steps_;
};

}  // namespace sslbench
