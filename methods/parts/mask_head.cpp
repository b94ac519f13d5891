// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/mask_head.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {

MaskHead::MaskHead(const Backbone& backbone, at::Generator& generator) {
  for (const MapLevel& level : backbone.levels()) {
    scores_.push_back(std::make_unique<Conv2d>(ConvShape{level.channels, 1, 1, 1, 0, true}, generator));
    add_child("score." + std::to_string(scores_.size() - 1), *scores_.back());
  }
}

Tensor MaskHead::operator()(const std::vector<Tensor>& maps, int64_t height, int64_t width) const {
  Tensor sum;
  for (size_t i = 0; i < maps.size(); ++i) {
    const Tensor score = resize_maps(promoted((*scores_[i])(maps[i])), height, width, MapResize::bilinear);
    sum = i == 0 ? score : sum + score;
  }
  return sum;
}

}  // namespace sslbench
