// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/stop_signal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "suites/handover/worker_exit.h"

namespace sslbench {
namespace {

constexpr time_t kRepeatSeconds = 2;

volatile sig_atomic_t asked = 0;
volatile time_t asked_at = 0;

time_t monotonic_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);  // async-signal-safe
  return now.tv_sec;
}

void on_signal(int signal) {
  if (asked != 0 && monotonic_seconds() - asked_at > kRepeatSeconds) _exit(kWorkerStopped + signal);
  if (asked == 0) asked_at = monotonic_seconds();
  asked = 1;
}

}  // namespace

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;  // a save that a stop signal meets goes on
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // nohup
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a write over the limit (ulimit -f) fails with EFBIG: failed(storage)
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const char* parent = std::getenv("SSLBENCH_PARENT");                      // set by `sslbench run`
  if (parent != nullptr && std::to_string(getppid()) != parent) asked = 1;  // it died before the kernel was asked
}

bool stop_requested() { return asked != 0; }

}  // namespace sslbench
