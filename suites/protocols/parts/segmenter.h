// SPDX-License-Identifier: Apache-2.0
// Fully convolutional segmenter. Long, Shelhamer, Darrell, CVPR 2015, arXiv:1411.4038: class scores from several maps
// are brought to the finest one and summed. Shapes: N images, K classes.
#pragma once

#include <memory>
#include <vector>

#include "methods/backbone.h"
#include "methods/layers.h"
#include "methods/method.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/parts/dense_maps.h"

namespace sslbench {

class Segmenter final : public Module {
 public:
  // Maps of stride >= min_stride go through 1x1 convolutions to `channels`, are enlarged bilinearly to the finest and
  // summed; then ReLU, 3x3 convolution, BatchNorm, ReLU, 1x1 convolution to the classes.
  Segmenter(std::unique_ptr<Backbone> backbone, int64_t classes, int64_t channels, int64_t min_stride,
            at::Generator& generator);

  // Class scores [N, K, h, w] on the finest map.
  Tensor scores(const Tensor& x_NCHW) const;

 private:
  std::unique_ptr<Backbone> backbone_;
  DenseMaps maps_;
  std::vector<std::unique_ptr<Conv2d>> lateral_;
  std::unique_ptr<Conv2d> mix_, classify_;
  std::unique_ptr<BatchNorm> norm_;
};

}  // namespace sslbench
