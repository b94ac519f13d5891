// SPDX-License-Identifier: Apache-2.0
// Which of this machine's devices each running row has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

struct Device {
  std::string name;   // "cuda:3"
  int64_t bytes = 0;  // of its memory; 0: not known
};

class DevicePool {
 public:
  // Without devices every request is met with none: the processor is shared as `jobs` says.
  explicit DevicePool(std::vector<Device> devices) : devices_(devices.size()) {
    for (size_t i = 0; i < devices.size(); ++i) devices_[i].device = std::move(devices[i]);
  }

  // `count` devices with room for `bytes` more each, those with the fewest runs first; nothing while there are not so
  // many. A run whose need is not known (bytes 0), or on a device of unknown memory, shares it with nobody.
  std::optional<std::vector<std::string>> take(int count, int64_t bytes);
  void give_back(const std::vector<std::string>& names, int64_t bytes);

 private:
  struct Held {
    Device device;
    int runs = 0;
    bool exclusive = false;
    int64_t bytes = 0;  // that its runs need
  };
  static bool has_room(const Held& held, int64_t bytes);

  std::vector<Held> devices_;
};

}  // namespace sslbench
