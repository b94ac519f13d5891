// SPDX-License-Identifier: Apache-2.0
// Signals that reach the front end while a worker is at work.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

namespace sslbench {

// Sends `signals` to this process, `pause` after each, once the worker reports progress.
class Interruption {
 public:
  Interruption(const std::filesystem::path& progress, std::vector<int> signals,
               std::chrono::milliseconds pause = std::chrono::milliseconds(300))
      : thread_([progress, signals = std::move(signals), pause] {
          while (!std::filesystem::exists(progress)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
          for (int signal : signals) {
            ::kill(::getpid(), signal);
            std::this_thread::sleep_for(pause);
          }
        }) {}
  ~Interruption() { thread_.join(); }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  std::thread thread_;
};

// The signals of carry_out() must be blocked before other threads exist, as they are in the single-threaded program.
class BlockedSignals {
 public:
  BlockedSignals() {
    ::sigemptyset(&set_);
    for (int signal : {SIGINT, SIGTERM, SIGUSR1}) ::sigaddset(&set_, signal);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~BlockedSignals() {
    const timespec now{};
    while (::sigtimedwait(&set_, nullptr, &now) > 0) {  // one that came too late must not end the test
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t set_, before_;
};

}  // namespace sslbench
