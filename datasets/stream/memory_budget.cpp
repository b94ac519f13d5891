// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/memory_budget.h"

#include <algorithm>

#include "suites/ground/memory/machine_memory.h"

namespace sslbench {

int64_t default_resident_budget(const std::filesystem::path& root) {
  constexpr int64_t kLeast = int64_t{256} << 20;
  return std::max(kLeast, available_memory(root).value_or(0) / 2);
}

}  // namespace sslbench
