// SPDX-License-Identifier: Apache-2.0
#include "methods/backbone.h"

#include "datasets/batches/aten.h"

namespace sslbench {

Tensor Backbone::features(const Tensor& x_NCHW) const {
  return feature_maps(x_NCHW).back().mean({2, 3}, false, at::kFloat);
}

std::unique_ptr<Backbone> make_backbone(const std::string& name, const nlohmann::json& settings,
                                        at::Generator& generator) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(name);
  return entry.make(Settings("backbone '" + name + "'", entry.options, settings), generator);
}

}  // namespace sslbench
