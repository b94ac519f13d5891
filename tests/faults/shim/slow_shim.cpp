// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, makes it slower by a known share: for every second of processor time that it uses, it burns
// SSLBENCH_SLOW_SHARE seconds more, in the handler of a timer that runs by processor time.
#include <signal.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

namespace {

double share = 0, paid_until = 0;

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The clock of the process moves by the scheduler's ticks while a timer runs on it; that of a thread is exact.
void burn(int) {
  const double now = seconds_of(CLOCK_PROCESS_CPUTIME_ID), owed = share * (now - paid_until);
  const double until = seconds_of(CLOCK_THREAD_CPUTIME_ID) + owed;
  while (seconds_of(CLOCK_THREAD_CPUTIME_ID) < until) {
  }
  paid_until = now + owed;
}

__attribute__((constructor)) void begin() {
  constexpr int kPeriod = 10'000;  // us
  const char* asked = std::getenv("SSLBENCH_SLOW_SHARE");
  if (asked == nullptr) return;
  share = std::atof(asked);
  paid_until = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  struct sigaction action {};
  action.sa_handler = burn;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGPROF, &action, nullptr);
  const itimerval period{{0, kPeriod}, {0, kPeriod}};
  ::setitimer(ITIMER_PROF, &period, nullptr);
}

}  // namespace
