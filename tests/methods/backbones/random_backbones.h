// SPDX-License-Identifier: Apache-2.0
// The registered backbones that draw their weights: those that read them from a file have tests of their own.
#pragma once

#include <algorithm>
#include <map>

#include "methods/backbone.h"

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

}  // namespace sslbench
