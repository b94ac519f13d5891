// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/image_decoder.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {

Tensor reconstruction_loss(const Tensor& reconstruction_NCHW, const Tensor& target_NCHW, bool sum) {
  if (!sum) return at::mse_loss(reconstruction_NCHW, target_NCHW.detach());
  return summed_over_batch(at::mse_loss(reconstruction_NCHW, target_NCHW.detach(), at::Reduction::Sum));
}

ImageDecoder::ImageDecoder(int64_t channels, int64_t stride, at::Generator& generator) {
  for (; stride > 1; stride /= 2) {
    const int64_t next = stride == 2 ? 3 : std::max<int64_t>(8, channels / 2);
    steps_.push_back(std::make_unique<UpConv2d>(channels, next, generator));
    add_child("up" + std::to_string(steps_.size()), *steps_.back());
    channels = next;
  }
}

Tensor ImageDecoder::operator()(const Tensor& map_NChw, int64_t height, int64_t width) const {
  Tensor x = map_NChw;
  for (size_t i = 0; i < steps_.size(); ++i) {
    x = (*steps_[i])(x);
    if (i + 1 < steps_.size()) x = at::relu(x);
  }
  return promoted(x).narrow(2, 0, height).narrow(3, 0, width);
}

}  // namespace sslbench
