// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/process_limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include "suites/spec/sanitizer.h"

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

void limit_processor_time(uint64_t seconds) {
  limit(RLIMIT_CPU, static_cast<rlim_t>(std::clock() / CLOCKS_PER_SEC) + seconds, RLIM_INFINITY);
}

void leave_no_core() { limit(RLIMIT_CORE, 0, 0); }

}  // namespace sslbench
