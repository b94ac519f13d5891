// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/fpn.h"

#include "suites/tensors/aten.h"

namespace sslbench {

FeaturePyramid::FeaturePyramid(const std::vector<int64_t>& in_channels, int64_t out_channels, int64_t extra_levels,
                               at::Generator& generator, bool p6_from_c5)
    : p6_from_c5_(p6_from_c5) {
  for (const int64_t in : in_channels) {
    inner_.push_back(std::make_unique<Conv2d>(ConvShape{in, out_channels, 1, 1, 0, true}, generator));
    layer_.push_back(std::make_unique<Conv2d>(ConvShape{out_channels, out_channels, 3, 1, 1, true}, generator));
  }
  for (int64_t i = 0; i < extra_levels; ++i) {
    const int64_t in = i == 0 && p6_from_c5 ? in_channels.back() : out_channels;
    extra_.push_back(std::make_unique<Conv2d>(ConvShape{in, out_channels, 3, 2, 1, true}, generator));
  }
  for (size_t i = 0; i < inner_.size(); ++i) add_child("inner_blocks." + std::to_string(i) + ".0", *inner_[i]);
  for (size_t i = 0; i < layer_.size(); ++i) add_child("layer_blocks." + std::to_string(i) + ".0", *layer_[i]);
  for (size_t i = 0; i < extra_.size(); ++i) add_child("extra_blocks.p" + std::to_string(6 + i), *extra_[i]);
}

std::vector<Tensor> FeaturePyramid::operator()(const std::vector<Tensor>& maps) const {
  std::vector<Tensor> out(maps.size());
  Tensor top;
  for (size_t i = maps.size(); i-- > 0;) {
    Tensor lateral = (*inner_[i])(maps[i]);
    if (top.defined()) lateral = lateral + at::upsample_nearest2d(top, {lateral.size(2), lateral.size(3)});
    top = lateral;
    out[i] = (*layer_[i])(lateral);
  }
  for (size_t i = 0; i < extra_.size(); ++i) {
    const Tensor& below = i == 0 && p6_from_c5_ ? maps.back() : out.back();
    out.push_back((*extra_[i])(i == 0 ? below : at::relu(below)));
  }
  return out;
}

}  // namespace sslbench
