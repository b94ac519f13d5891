// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/patches/patch_map.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {

Option patch_stride_option() {
  return integer_option("stride", 0, 0, 4096, "px, of the backbone's map that is read; 0 = its coarsest");
}

PatchMap::PatchMap(const Backbone& backbone, int64_t stride, const std::string& task) : backbone_(backbone) {
  const std::vector<MapLevel> levels = backbone.levels();
  std::string known;
  bool found = false;
  for (size_t i = 0; i < levels.size(); ++i) {
    known += (known.empty() ? "" : ", ") + std::to_string(levels[i].stride);
    if (stride != 0 && levels[i].stride != stride) continue;
    level_ = levels[i], place_ = i, found = true;
  }
  if (!found) {
    throw UserError(task + ": stride = " + std::to_string(stride) + ", but the backbone's maps have the strides " +
                    known + "; name one of them, or 0 for the coarsest");
  }
}

Tensor PatchMap::operator()(const Tensor& x_NCHW) const {
  const at::NoGradGuard no_grad;
  const Tensor map_NCHW = backbone_.feature_maps(x_NCHW).at(place_);
  return map_NCHW.scalar_type() == at::kDouble ? map_NCHW : map_NCHW.to(at::kFloat);
}

}  // namespace sslbench
