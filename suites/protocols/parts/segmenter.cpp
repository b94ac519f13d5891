// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/segmenter.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {

Segmenter::Segmenter(std::unique_ptr<Backbone> backbone, int64_t classes, int64_t channels, int64_t min_stride,
                     at::Generator& generator)
    : backbone_(std::move(backbone)), maps_(*backbone_, min_stride, "segmentation") {
  add_child("backbone", *backbone_);
  for (const MapLevel& level : maps_.levels()) {
    lateral_.push_back(std::make_unique<Conv2d>(ConvShape{level.channels, channels, 1, 1, 0, true}, generator));
    add_child("lateral." + std::to_string(lateral_.size() - 1), *lateral_.back());
  }
  mix_ = std::make_unique<Conv2d>(ConvShape{channels, channels, 3, 1, 1, false}, generator);
  norm_ = std::make_unique<BatchNorm>(channels);
  classify_ = std::make_unique<Conv2d>(ConvShape{channels, classes, 1, 1, 0, true}, generator);
  add_child("mix", *mix_);
  add_child("norm", *norm_);
  add_child("classify", *classify_);
}

Tensor Segmenter::scores(const Tensor& x_NCHW) const {
  const auto maps = maps_(x_NCHW);
  Tensor sum;
  for (size_t i = 0; i < maps.size(); ++i) {
    const Tensor map = (*lateral_[i])(maps[i]);
    sum = i == 0 ? map : sum + resize_maps(map, sum.size(2), sum.size(3), MapResize::bilinear);
  }
  return (*classify_)(at::relu((*norm_)((*mix_)(at::relu(sum)))));
}

}  // namespace sslbench
