// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/signals.h"

namespace sslbench {

SignalWait::SignalWait() {
  ::sigemptyset(&watched_);
  for (int signal : {SIGINT, SIGTERM, SIGUSR1, SIGCHLD}) ::sigaddset(&watched_, signal);
  struct sigaction hang_up {};
  ::sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) ::sigaddset(&watched_, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

SignalWait::~SignalWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int SignalWait::wait(std::chrono::milliseconds longest) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  const timespec limit{seconds.count(), static_cast<long>((longest - seconds).count()) * 1'000'000};
  const int signal = ::sigtimedwait(&watched_, nullptr, &limit);
  return signal > 0 ? signal : 0;
}

}  // namespace sslbench
