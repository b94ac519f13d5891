// SPDX-License-Identifier: Apache-2.0
// Limits that a process sets itself before it reads files from elsewhere; they hold for its children, too.
#pragma once

#include <cstdint>

namespace sslbench {

// Address space; an allocation beyond it fails. No limit under a sanitizer, whose shadow
// memory would count.
void limit_memory(uint64_t bytes);
// Address space that this process takes now.
uint64_t memory_taken();
// Processor time beyond what was used so far, after which SIGXCPU ends the process.
void limit_processor_time(uint64_t seconds);
// No core file when it crashes.
void leave_no_core();

}  // namespace sslbench
