// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/memory/out_of_memory.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The value behind `name` in a file of lines "name value".
std::optional<int64_t> value_in(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string key;
    int64_t value = 0;
    if (words >> key >> value && key == name) return value;
  }
  return std::nullopt;
}

// "<hierarchy>:<controllers>:<path>": the file of that group which counts, of either version of cgroups.
fs::path counter_of(const std::string& line, const fs::path& groups) {
  const size_t first = line.find(':'), second = line.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return {};
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const fs::path group = fs::path(line.substr(second + 1)).relative_path();
  if (controllers.empty()) return groups / group / "memory.events";
  return controllers == "memory" ? groups / "memory" / group / "memory.oom_control" : fs::path();
}

// oneDNN's word for code that it has no memory to write; "... a primitive descriptor" it says of what it cannot
// compute.
bool lacks_a_primitive(std::string_view text) {
  static constexpr std::string_view kWords = "could not create a primitive";
  const size_t at = text.find(kWords);
  return at != std::string_view::npos && !text.substr(at + kWords.size()).starts_with(" descriptor");
}

}  // namespace

int64_t out_of_memory_kills(const fs::path& root) {
  static constexpr const char* kCounter = "oom_kill";
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const fs::path file = counter_of(line, root / "sys/fs/cgroup");
    if (file.empty()) continue;
    if (const auto kills = value_in(file, kCounter)) return *kills;
  }
  return value_in(root / "proc/vmstat", kCounter).value_or(0);
}

bool tells_of_lack_of_memory(std::string_view text) {
  // Of the C++ library, the C library, the loader, LibTorch, HDF5, and the libraries that start threads for it.
  static constexpr std::array<std::string_view, 11> kWords{"bad_alloc",
                                                           "nable to allocate memory",
                                                           "emory allocation failed",
                                                           "annot allocate memory",
                                                           "out of memory",
                                                           "not enough memory",
                                                           "memory exhausted",
                                                           "failed to map segment",
                                                           "annot map zero-fill pages",
                                                           "unable to mmap",
                                                           "Resource temporarily unavailable"};
  return lacks_a_primitive(text) || std::ranges::any_of(kWords, [&](std::string_view words) {
           return text.find(words) != std::string_view::npos;
         });
}

}  // namespace sslbench
