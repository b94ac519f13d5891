// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace c10d {
class Store;
}

namespace sslbench {

// Says over the ranks' store that this process lives, from a thread of its own, and waits for others for as long as
// they do: a rank may be busy with what is only its own (a checkpoint on a slow disk) longer than any collective waits,
// and one that is gone, standing still or cut off must not be waited for.
class Heartbeat {
 public:
  // Beats four times within `timeout`, which is how long a rank may be silent.
  Heartbeat(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t size, std::chrono::milliseconds timeout);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  // Until all ranks have called it as often as this one. Throws std::runtime_error that names the rank that fell
  // silent, or what the store throws when it is gone.
  void wait_for_all();

 private:
  struct Sign {
    int64_t beats = -1;
    std::chrono::steady_clock::time_point since;
  };
  void beat();
  void expect_signs(std::vector<Sign>& signs);

  c10::intrusive_ptr<c10d::Store> store_;
  int64_t rank_, size_, waits_ = 0;
  std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sslbench
