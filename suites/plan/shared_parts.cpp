// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/shared_parts.h"

#include <functional>

namespace sslbench {

void SharedParts::share(SharedJson& value) {
  const size_t hash = std::hash<nlohmann::json>()(value);
  const auto [first, last] = known_.equal_range(hash);
  for (auto each = first; each != last; ++each) {
    if (each->second == value) {
      value = each->second;
      return;
    }
  }
  known_.emplace(hash, value);
}

void SharedParts::share(RunSpec& run) {
  share(run.dataset.settings);
  share(run.backbone_settings);
  share(run.method_settings);
  share(run.pretrain);
  share(run.views);
  for (ProtocolSpec& protocol : run.protocols) {
    share(protocol.settings);
    share(protocol.dataset.settings);
  }
}

}  // namespace sslbench
