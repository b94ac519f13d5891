// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "methods/backbone.h"
#include "methods/layers.h"

namespace sslbench {

// One logit a pixel from a backbone's maps: one 1x1 convolution a level, resized to the image and added, as the skips
// of FCN-8s (Long, Shelhamer, Darrell, arXiv:1411.4038, Fig. 3). Shapes: N images, H W.
class MaskHead final : public Module {
 public:
  MaskHead(const Backbone& backbone, at::Generator& generator);
  // [N, 1, height, width], float32 at least.
  Tensor operator()(const std::vector<Tensor>& maps, int64_t height, int64_t width) const;

 private:
  std::vector<std::unique_ptr<Conv2d>> scores_;  // one a level
};

}  // namespace sslbench
