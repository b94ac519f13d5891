// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/crash_word.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "suites/ground/process_limits.h"

namespace sslbench {
namespace {

constexpr char kWord[] = "crashed close to the limit of its address space (ulimit -v): out of memory\n";

uint64_t limit = 0, page_bytes = 0;
alignas(16) std::array<char, 1 << 16> own_stack;  // of the handler: the crash may be for want of stack

// As memory_taken(), with nothing but what a signal handler may call.
uint64_t taken() {
  std::array<char, 64> text{};
  const int fd = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t got = ::read(fd, text.data(), text.size());
  ::close(fd);
  uint64_t pages = 0;
  for (ssize_t i = 0; i < got; ++i) {
    const char digit = text[static_cast<size_t>(i)];
    if (digit < '0' || digit > '9') break;
    pages = 10 * pages + static_cast<uint64_t>(digit - '0');
  }
  return pages * page_bytes;
}

void on_crash(int signal) {
  if (taken() + kNearMemoryLimit >= limit) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, kWord, sizeof kWord - 1);
  }
  ::raise(signal);  // by default from here on; it waits until the handler has returned
}

}  // namespace

void explain_crashes_near_memory_limit() {
  const auto most = memory_limit();
  if (!most) return;
  limit = *most;
  page_bytes = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  stack_t stack{};
  stack.ss_sp = own_stack.data();
  stack.ss_size = own_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) ::sigaction(signal, &action, nullptr);
}

}  // namespace sslbench
