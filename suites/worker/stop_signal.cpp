// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/stop_signal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace sslbench {
namespace {

volatile sig_atomic_t asked = 0;

void on_signal(int signal) {
  if (asked != 0) _exit(128 + signal);
  asked = 1;
}

}  // namespace

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const char* parent = std::getenv("SSLBENCH_PARENT");                      // set by `sslbench run`
  if (parent != nullptr && std::to_string(getppid()) != parent) asked = 1;  // it died before the kernel was asked
}

bool stop_requested() { return asked != 0; }

}  // namespace sslbench
