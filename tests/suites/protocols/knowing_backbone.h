// SPDX-License-Identifier: Apache-2.0
// A backbone whose maps say what is in a picture that it knows: it looks the picture up by its mean.
#pragma once

#include <cmath>
#include <functional>
#include <map>

#include "datasets/batches/image_batches.h"
#include "methods/backbone.h"
#include "suites/tensors/aten.h"

namespace sslbench {

class KnowingBackbone final : public Backbone {
 public:
  KnowingBackbone(int64_t stride, int64_t channels) : level_{stride, channels} {}

  // Of pictures of side x side pixels, the map that `map_of` makes of an example: [channels, h, w].
  void learn(const ImageSet& images, int side, const std::function<Tensor(const Item&)>& map_of) {
    for (int64_t i = 0; i < images.size(); ++i) {
      const Items items = take_items(images, i, 1);
      known_[mean_of(whole_images(items, side, side, {})[0])] = map_of(*items.front());
    }
  }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    std::vector<Tensor> maps;
    for (const Tensor& x_CHW : x_NCHW.unbind(0)) maps.push_back(nearest(mean_of(x_CHW)));
    return {at::stack(maps)};
  }
  std::vector<MapLevel> levels() const override { return {level_}; }

 private:
  static double mean_of(const Tensor& x_CHW) { return x_CHW.to(at::kDouble).mean().item<double>(); }
  const Tensor& nearest(double mean) const {
    auto after = known_.lower_bound(mean);
    if (after == known_.end()) return std::prev(after)->second;
    if (after == known_.begin()) return after->second;
    const auto before = std::prev(after);
    return mean - before->first < after->first - mean ? before->second : after->second;
  }

  MapLevel level_;
  std::map<double, Tensor> known_;
};

}  // namespace sslbench
