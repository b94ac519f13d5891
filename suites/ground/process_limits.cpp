// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/process_limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>

#include "suites/ground/sanitizer.h"

namespace sslbench {
namespace {

void limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit to{soft, hard};
  ::setrlimit(resource, &to);
}

}  // namespace

void limit_memory([[maybe_unused]] uint64_t bytes) {
#ifndef SSLBENCH_UNDER_SANITIZER
  limit(RLIMIT_AS, bytes, bytes);
#endif
}

uint64_t memory_taken() {
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<uint64_t> memory_limit() {
  rlimit now{};
  if (::getrlimit(RLIMIT_AS, &now) != 0 || now.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return now.rlim_cur;
}

bool came_near_memory_limit() {
  const std::optional<uint64_t> limit = memory_limit();
  if (!limit) return false;
  uint64_t most = memory_taken();
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;) {
    if (uint64_t kilobytes = 0; word == "VmPeak:" && in >> kilobytes) most = std::max(most, kilobytes << 10);
  }
  return most + kNearMemoryLimit >= *limit;
}

void limit_processor_time(uint64_t seconds) {
  limit(RLIMIT_CPU, static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC) + seconds, RLIM_INFINITY);
}

void leave_no_core() { limit(RLIMIT_CORE, 0, 0); }

}  // namespace sslbench
