// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/dense_maps.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {

DenseMaps::DenseMaps(const Backbone& backbone, int64_t min_stride, const std::string& task) : backbone_(backbone) {
  levels_ = backbone.levels();
  if (levels_.back().stride < min_stride) {
    throw UserError(task + ": the backbone's coarsest stride is " + std::to_string(levels_.back().stride) +
                    "; set min_stride to at most that");
  }
  if (levels_.size() == 1) {
    for (MapLevel next = levels_[0]; next.stride % 2 == 0 && next.stride / 2 >= min_stride;) {
      next.stride /= 2;
      levels_.insert(levels_.begin(), next);
    }
    return;
  }
  while (levels_[0].stride < min_stride) levels_.erase(levels_.begin()), ++first_;
}

std::vector<Tensor> DenseMaps::operator()(const Tensor& x_NCHW) const {
  std::vector<Tensor> maps = backbone_.feature_maps(x_NCHW);
  maps.erase(maps.begin(), maps.begin() + static_cast<std::ptrdiff_t>(first_));
  const Tensor only = maps.front();
  for (int64_t factor = 2; maps.size() < levels_.size(); factor *= 2) {
    maps.insert(maps.begin(), resize_maps(only, factor * only.size(2), factor * only.size(3), MapResize::bilinear));
  }
  return maps;
}

}  // namespace sslbench
