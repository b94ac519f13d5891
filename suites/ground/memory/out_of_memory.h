// SPDX-License-Identifier: Apache-2.0
// How a process dies for want of memory: by the kernel's hand, or with a last word on its log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sslbench {

// Processes that the kernel has killed so far because memory ran out: in the group of processes whose memory is limited
// together (cgroup) with this one, or on the whole machine where no group counts. `root` is another than / in tests.
int64_t out_of_memory_kills(const std::filesystem::path& root = "/");

// Whether a last word tells of memory, address space or threads that could not be had.
bool tells_of_lack_of_memory(std::string_view text);

}  // namespace sslbench
