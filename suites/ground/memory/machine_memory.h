// SPDX-License-Identifier: Apache-2.0
// Memory of this machine, or what the control group of a container leaves of it. `root` is where /proc and /sys are
// found: another than / in tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sslbench {

// All that programs here may take together; nothing where neither can be read.
std::optional<int64_t> machine_memory(const std::filesystem::path& root = "/");
// What is left of it now, as the kernel estimates.
std::optional<int64_t> available_memory(const std::filesystem::path& root = "/");

}  // namespace sslbench
