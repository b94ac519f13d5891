// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/memory/machine_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The number in a file of one; nothing when it says "max" or cannot be read.
std::optional<int64_t> number_in(const fs::path& file) {
  std::ifstream stream(file);
  int64_t value = 0;
  return stream >> value ? std::optional(value) : std::nullopt;
}

// Bytes of a line "<name>: <n> kB".
std::optional<int64_t> from_kernel(const fs::path& root, const std::string& line) {
  std::ifstream stream(root / "proc/meminfo");
  for (std::string name; stream >> name;) {
    int64_t kilobytes = 0;
    if (name == line && stream >> kilobytes) return kilobytes << 10;
    stream.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

std::optional<int64_t> smaller(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

// Version 2, as seen from inside a container.
fs::path group(const fs::path& root) { return root / "sys/fs/cgroup"; }

}  // namespace

std::optional<int64_t> machine_memory(const fs::path& root) {
  return smaller(from_kernel(root, "MemTotal:"), number_in(group(root) / "memory.max"));
}

std::optional<int64_t> available_memory(const fs::path& root) {
  const auto limit = number_in(group(root) / "memory.max"), used = number_in(group(root) / "memory.current");
  return smaller(from_kernel(root, "MemAvailable:"), limit && used ? std::optional(*limit - *used) : std::nullopt);
}

}  // namespace sslbench
