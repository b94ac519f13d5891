// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>

namespace sslbench {

// Monotonic seconds.
inline double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds since 1970; SOURCE_DATE_EPOCH when set.
inline std::time_t unix_seconds() {
  const char* fixed = std::getenv("SOURCE_DATE_EPOCH");
  return fixed != nullptr ? std::strtoll(fixed, nullptr, 10) : std::time(nullptr);
}

// 2026-11-23T04:10:00Z
inline std::string utc_text(std::time_t seconds) {
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char out[32];
  std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return out;
}

inline std::string utc_now() { return utc_text(unix_seconds()); }

}  // namespace sslbench
