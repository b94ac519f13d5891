// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>

#include <chrono>

namespace sslbench {

// Turns signals into events of one loop, without handlers: SIGINT, SIGTERM, SIGUSR1, SIGHUP (unless it was ignored, as
// nohup does) and SIGCHLD are blocked while it lives, and taken one at a time by wait(). Children start with all
// signals unblocked (start_process).
class SignalWait {
 public:
  SignalWait();
  ~SignalWait();
  SignalWait(const SignalWait&) = delete;
  SignalWait& operator=(const SignalWait&) = delete;

  // Returns the next signal, or 0 after `longest`.
  int wait(std::chrono::milliseconds longest);

 private:
  sigset_t watched_, before_;
};

}  // namespace sslbench
