// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace sslbench {

// Half of the memory that a program may still take: what the kernel calls available, less where the control group
// leaves less. `root` is where /proc and /sys are found. At least 256 MiB, also where neither can be read.
int64_t default_resident_budget(const std::filesystem::path& root = "/");

}  // namespace sslbench
