// SPDX-License-Identifier: Apache-2.0
#include "methods/backbone.h"

#include "suites/tensors/aten.h"

namespace sslbench {

Tensor pooled(const Tensor& map_NCHW) {
  const bool half = map_NCHW.element_size() < 4;
  return map_NCHW.mean({2, 3}, false, half ? at::kFloat : map_NCHW.scalar_type());
}

Tensor Backbone::features(const Tensor& x_NCHW) const { return pooled(feature_maps(x_NCHW).back()); }

std::unique_ptr<Backbone> make_backbone(const std::string& name, const nlohmann::json& settings,
                                        at::Generator& generator) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(name);
  return entry.make(Settings("backbone '" + name + "'", entry.options, settings), generator);
}

}  // namespace sslbench
