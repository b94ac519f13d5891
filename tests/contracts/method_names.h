// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "methods/method.h"

namespace sslbench {

enum class WhichMethods { all, trained };

// Of the methods that are registered, by name.
inline std::vector<std::string> method_names(WhichMethods which) {
  std::vector<std::string> out;
  for (const auto& [name, entry] : Registry<MethodEntry>::all()) {
    if (entry.trains || which == WhichMethods::all) out.push_back(name);
  }
  return out;
}

}  // namespace sslbench
