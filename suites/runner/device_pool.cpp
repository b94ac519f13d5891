// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/device_pool.h"

#include <algorithm>

namespace sslbench {

bool DevicePool::has_room(const Held& held, int64_t bytes) {
  if (held.runs == 0) return true;
  if (held.exclusive || bytes == 0 || held.device.bytes == 0) return false;
  return held.bytes + bytes <= held.device.bytes;
}

std::optional<std::vector<std::string>> DevicePool::take(int count, int64_t bytes) {
  if (devices_.empty()) return std::vector<std::string>();
  std::vector<Held*> fitting;
  for (Held& held : devices_) {
    if (has_room(held, bytes)) fitting.push_back(&held);
  }
  if (std::ssize(fitting) < count) return std::nullopt;
  std::stable_sort(fitting.begin(), fitting.end(), [](const Held* a, const Held* b) { return a->runs < b->runs; });
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) {
    Held& held = *fitting[static_cast<size_t>(i)];
    ++held.runs;
    held.bytes += bytes;
    held.exclusive = bytes == 0 || held.device.bytes == 0;
    out.push_back(held.device.name);
  }
  return out;
}

void DevicePool::give_back(const std::vector<std::string>& names, int64_t bytes) {
  for (Held& held : devices_) {
    if (std::ranges::find(names, held.device.name) == names.end()) continue;
    --held.runs;
    held.bytes -= bytes;
    held.exclusive = false;
  }
}

}  // namespace sslbench
