// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace sslbench {

// Monotonic seconds.
inline double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace sslbench
