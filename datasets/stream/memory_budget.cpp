// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/memory_budget.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kLeast = int64_t{256} << 20;
constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max();

// The number in a file of one; kUnknown when it says "max" or cannot be read.
int64_t number_in(const fs::path& file) {
  std::ifstream stream(file);
  int64_t value = 0;
  return stream >> value ? value : kUnknown;
}

int64_t available_memory(const fs::path& root) {
  std::ifstream stream(root / "proc/meminfo");
  for (std::string name; stream >> name;) {
    int64_t kilobytes = 0;
    if (name == "MemAvailable:" && stream >> kilobytes) return kilobytes << 10;
    stream.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return kUnknown;
}

}  // namespace

int64_t default_resident_budget(const fs::path& root) {
  int64_t free = available_memory(root);
  const fs::path group = root / "sys/fs/cgroup";  // version 2, as seen from inside a container
  const int64_t limit = number_in(group / "memory.max"), used = number_in(group / "memory.current");
  if (limit != kUnknown && used != kUnknown) free = std::min(free, limit - used);
  return free == kUnknown ? kLeast : std::max(kLeast, free / 2);
}

}  // namespace sslbench
