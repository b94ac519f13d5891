// SPDX-License-Identifier: Apache-2.0
// Limits that a process sets itself before it reads files from elsewhere; they hold for its children, too.
#pragma once

#include <cstdint>
#include <optional>

namespace sslbench {

// Address space; an allocation beyond it fails. No limit under a sanitizer, whose shadow
// memory would count.
void limit_memory(uint64_t bytes);
// Address space that this process takes now.
uint64_t memory_taken();
// How much it may take; nothing when it has no limit of its own.
std::optional<uint64_t> memory_limit();
// So close to that limit, what goes wrong is taken for a lack of memory: bytes.
inline constexpr uint64_t kNearMemoryLimit = uint64_t{64} << 20;
// Whether there is a limit and this process ever came that close to it.
bool came_near_memory_limit();
// Processor time beyond what was used so far, after which SIGXCPU ends the process.
void limit_processor_time(uint64_t seconds);
// No core file when it crashes.
void leave_no_core();

}  // namespace sslbench
