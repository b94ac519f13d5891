// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace sslbench {

// Makes the item of every step in [first, last), on `workers` threads that run at most 2 * workers steps ahead, and
// hands them out in order. With 0 workers next() makes it itself. `make` is called once a step, from several threads at
// once; what it returns must not depend on when, so results do not depend on the number of workers. An exception of
// `make` comes out of next() at its step.
template <class Item>
class StepStream {
 public:
  StepStream(int workers, int64_t first, int64_t last, std::function<Item(int64_t)> make)
      : make_(std::move(make)), next_out_(first), next_made_(first), last_(last), ahead_(2 * workers) {
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { produce(); });
  }
  ~StepStream() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  StepStream(const StepStream&) = delete;
  StepStream& operator=(const StepStream&) = delete;

  // The item of the next step; the caller asks at most last - first times.
  Item next() {
    if (threads_.empty()) return make_(next_out_++);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.contains(next_out_); });
    Slot slot = std::move(ready_.at(next_out_));
    ready_.erase(next_out_++);
    lock.unlock();
    changed_.notify_all();
    if (slot.error) std::rethrow_exception(slot.error);
    return std::move(slot.item);
  }

 private:
  struct Slot {
    Item item{};
    std::exception_ptr error;
  };

  void produce() {
    for (;;) {
      int64_t step = 0;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || next_made_ >= last_ || next_made_ < next_out_ + ahead_; });
        if (stopping_ || next_made_ >= last_) return;
        step = next_made_++;
      }
      Slot slot;
      try {
        slot.item = make_(step);
      } catch (...) {
        slot.error = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex_);
        ready_.emplace(step, std::move(slot));
      }
      changed_.notify_all();
    }
  }

  std::function<Item(int64_t)> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int64_t, Slot> ready_;
  int64_t next_out_, next_made_, last_, ahead_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sslbench
