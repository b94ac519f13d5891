// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "suites/runner/device_pool.h"

namespace sslbench {

// "cuda:<i>" for cuda (the first one) and cuda:<i>, whether it is there or not; nothing for any other text.
std::optional<std::string> named_gpu(const std::string& text);

// "cpu" or "cuda:<i>" for `--device auto|cpu|cuda[:i]`; auto takes cuda:0 where the plugin, the driver and a GPU are
// there. UserError in one line when a GPU that was asked for cannot be used.
std::string choose_device(const std::string& asked);

// The GPUs of a list such as "0-3,6" (both ends included, each once), with what the driver says of their memory.
// UserError in one line when it is no such list, or one of them cannot be used.
std::vector<Device> choose_devices(const std::string& list);

// Bytes of memory of "cuda:<i>"; 0 of "cpu", and where the driver does not say.
int64_t device_memory(const std::string& device);

// The numbers of such a list, ascending; UserError when it is none.
std::vector<int> device_numbers(const std::string& list);

}  // namespace sslbench
