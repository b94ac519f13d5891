// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "methods/backbone.h"
#include "suites/tensors/aten.h"

namespace sslbench {

// A registered backbone; settings beside its small ones.
inline std::unique_ptr<Backbone> small_backbone(const std::string& name, const nlohmann::json& settings = {}) {
  nlohmann::json all = Registry<BackboneEntry>::find(name).tiny;
  if (!settings.is_null()) all.update(settings);
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, all, generator);
}

// The published sizes.
inline std::unique_ptr<Backbone> whole_backbone(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

inline std::map<std::string, Tensor> parameters_of(const Module& net) {
  std::map<std::string, Tensor> out;
  for (const auto& [name, tensor] : net.parameters()) out[name] = tensor;
  return out;
}

inline double largest_difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace sslbench
