// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "methods/backbone.h"
#include "suites/ground/settings.h"

namespace sslbench {

// "stride".
Option patch_stride_option();

// One map of a frozen backbone, a cell of it standing for a patch of stride x stride pixels.
class PatchMap {
 public:
  // The map of that stride; 0: the coarsest. UserError, which begins with `task`, where there is none.
  PatchMap(const Backbone& backbone, int64_t stride, const std::string& task);

  const MapLevel& level() const { return level_; }
  // [N, channels, h, w], float32 at least, without a graph.
  Tensor operator()(const Tensor& x_NCHW) const;

 private:
  const Backbone& backbone_;
  MapLevel level_;
  size_t place_ = 0;
};

}  // namespace sslbench
