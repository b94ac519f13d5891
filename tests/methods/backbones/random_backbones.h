// SPDX-License-Identifier: Apache-2.0
// The registered backbones that draw their weights: those that read them from a file have tests of their own.
#pragma once

#include <algorithm>
#include <map>

#include "methods/backbone.h"
#include "methods/initial_values.h"
#include "suites/tensors/aten.h"

namespace sslbench {

inline std::map<std::string, BackboneEntry> random_backbones() {
  std::map<std::string, BackboneEntry> out;
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
    const bool from_file =
        std::ranges::any_of(entry.options, [](const Option& option) { return option.type == OptionType::file; });
    if (!from_file) out.emplace(name, entry);
  }
  return out;
}

// The smallest of those that share a paper and their options: sizes of one network.
inline const std::map<std::string, BackboneEntry>& backbone_families() {
  static const std::map<std::string, BackboneEntry> families = [] {
    const ShapesOnly no_values;
    std::map<std::string, std::pair<int64_t, BackboneEntry>> smallest;
    for (const auto& [name, entry] : random_backbones()) {
      std::string family = entry.paper;
      for (const Option& option : entry.options) family += " " + option.name;
      at::Generator generator = at::detail::createCPUGenerator(0);
      const auto size = static_cast<int64_t>(make_backbone(name, entry.tiny, generator)->parameters().size());
      const auto found = smallest.find(family);
      if (found == smallest.end() || size < found->second.first) smallest[family] = {size, entry};
    }
    std::map<std::string, BackboneEntry> out;
    for (const auto& [family, chosen] : smallest) out.emplace(chosen.second.name, chosen.second);
    return out;
  }();
  return families;
}

// Small settings under every choice of whose names the parameters have.
inline std::vector<nlohmann::json> tiny_of_all_names(const BackboneEntry& entry) {
  const auto names = std::ranges::find(entry.options, "names", &Option::name);
  if (names == entry.options.end()) return {entry.tiny};
  std::vector<nlohmann::json> out;
  for (const std::string& choice : names->choices) {
    out.push_back(entry.tiny);
    out.back()["names"] = choice;
  }
  return out;
}

}  // namespace sslbench
