// SPDX-License-Identifier: Apache-2.0
#include "methods/published_constructor.h"

namespace sslbench {

nlohmann::json to_json(const std::vector<PublishedConstructor>& constructors) {
  nlohmann::json out = nlohmann::json::array();
  for (const PublishedConstructor& each : constructors) {
    out.push_back({{"library", each.library},
                   {"model", each.model},
                   {"arguments", each.arguments},
                   {"passed", each.passed},
                   {"when", each.when},
                   {"free", each.free},
                   {"then", each.then},
                   {"headless", each.headless},
                   {"takes_head", each.takes_head}});
  }
  return out;
}

}  // namespace sslbench
