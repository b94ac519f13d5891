// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <cstdint>
#include <memory>

namespace c10d {
class Store;
}

namespace sslbench {

// Says over the ranks' store that this process lives, from a thread of its own, and waits for others for as long as
// they do: a rank may be busy with what is only its own (a checkpoint on a slow disk) longer than any collective waits,
// and one that is gone, standing still or cut off must not be waited for.
class Heartbeat {
 public:
  // Beats four times within `timeout`, which is how long a rank, or the store, may be silent.
  Heartbeat(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t size, std::chrono::milliseconds timeout);
  // Leaves the thread to itself where the store does not answer it: c10d gives such a call no limit.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  // Until all ranks have called it as often as this one. Throws std::runtime_error that says who fell silent.
  void wait_for_all();

 private:
  struct Beating;
  std::shared_ptr<Beating> beating_;
};

}  // namespace sslbench
