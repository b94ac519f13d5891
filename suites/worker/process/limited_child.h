// SPDX-License-Identifier: Apache-2.0
// Work on a file of strangers in a process of its own, which may die of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace sslbench {

struct ChildLimits {
  uint64_t memory_bytes = 0;  // beyond what this process takes now
  uint64_t seconds = 0;       // of processor time
};

// What reading a model of that size may take: a few times its weights, and time to load and run them once.
ChildLimits limits_for(uintmax_t file_bytes);

// Calls `work` in a child, on one thread, that writes into no file, says nothing and leaves no core. Returns "" when
// `work` returned, else what it threw or how it ended the child. UserError when no child can be started.
std::string in_limited_child(const ChildLimits& limits, const std::function<void()>& work);

}  // namespace sslbench
