// SPDX-License-Identifier: Apache-2.0
#include "methods/backbone.h"

#include "suites/tensors/aten.h"

namespace sslbench {

Tensor pooled(const Tensor& map_NCHW) {
  const bool half = map_NCHW.element_size() < 4;
  return map_NCHW.mean({2, 3}, false, half ? at::kFloat : map_NCHW.scalar_type());
}

Tensor Backbone::features(const Tensor& x_NCHW) const { return pooled(feature_maps(x_NCHW).back()); }

LastBlocks Backbone::last_blocks(const Tensor&, int64_t) const {
  throw InternalError("a network without a class token was asked for it");
}

std::string input_facts_text(const InputFacts& facts) {
  nlohmann::json out = nlohmann::json::object();
  if (facts.normalisation) {
    out["mean"] = facts.normalisation->mean;
    out["std"] = facts.normalisation->deviation;
  }
  if (facts.image_size > 0) out["image_size"] = facts.image_size;
  return out.dump();
}

InputFacts input_facts_from(const std::string& text) {
  InputFacts out;
  try {
    const nlohmann::json from = nlohmann::json::parse(text);
    if (from.contains("mean")) {
      out.normalisation =
          Normalisation{from.at("mean").get<std::array<float, 3>>(), from.at("std").get<std::array<float, 3>>()};
    }
    out.image_size = from.value("image_size", int64_t{0});
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return out;
}

std::unique_ptr<Backbone> make_backbone(const std::string& name, const nlohmann::json& settings,
                                        at::Generator& generator) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(name);
  return entry.make(Settings("backbone '" + name + "'", entry.options, settings), generator);
}

std::string classifier_name(const std::string& backbone, const nlohmann::json& settings) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(backbone);
  if (entry.heads_by_names.empty()) return entry.head;
  const Settings resolved("backbone '" + backbone + "'", entry.options, settings);
  const auto found = entry.heads_by_names.find(resolved.text("names"));
  return found == entry.heads_by_names.end() ? entry.head : found->second;
}

}  // namespace sslbench
