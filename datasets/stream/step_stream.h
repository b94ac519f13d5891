// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "suites/ground/error.h"

namespace sslbench {

using StartThread = std::function<std::thread(std::function<void()>)>;
inline std::thread start_thread(std::function<void()> body) { return std::thread(std::move(body)); }

// Makes the item of every step in [first, last), on `workers` threads and at most 2 * workers steps ahead of the
// caller, and hands them out in order. `make` is called once a step, from several threads at once; what it returns must
// not depend on when, so results do not depend on the number of workers. With 0 workers, or where the system refuses
// every thread, next() makes the item itself; where it refuses some, the others do the work.
// An exception of `make` comes out of next() at its step; later steps can still be asked for.
// Destruction waits for the calls of `make` that are under way, whose stop token then says so: they may throw anything.
template <class Item>
class StepStream {
 public:
  using Make = std::function<Item(int64_t step, const std::stop_token& stop)>;

  StepStream(int workers, int64_t first, int64_t last, Make make, const StartThread& start = start_thread)
      : make_(std::move(make)),
        ring_(2 * static_cast<size_t>(workers)),
        next_out_(first),
        next_made_(first),
        last_(last) {
    threads_.reserve(static_cast<size_t>(workers));
    try {
      for (int i = 0; i < workers; ++i) threads_.push_back(start([this] { produce(); }));
    } catch (const std::system_error&) {
      // Fewer threads, or none.
    } catch (...) {
      end();
      throw;
    }
  }
  ~StepStream() { end(); }
  StepStream(const StepStream&) = delete;
  StepStream& operator=(const StepStream&) = delete;

  // The item of the next step; the caller asks at most last - first times.
  Item next() {
    require(next_out_ < last_, "more steps were asked of a stream than it has");
    if (threads_.empty()) return make_(next_out_++, stop_.get_token());
    std::unique_lock lock(mutex_);
    Slot& slot = slot_of(next_out_);
    made_.wait(lock, [&] { return slot.item || slot.error; });
    Slot taken = std::exchange(slot, Slot{});
    ++next_out_;
    lock.unlock();
    taken_.notify_one();
    if (taken.error) std::rethrow_exception(taken.error);
    return std::move(*taken.item);
  }

 private:
  // Empty while its step is being made.
  struct Slot {
    std::optional<Item> item;
    std::exception_ptr error;
  };

  Slot& slot_of(int64_t step) { return ring_[static_cast<size_t>(step) % ring_.size()]; }

  void end() {
    {
      const std::lock_guard lock(mutex_);
      stop_.request_stop();
    }
    taken_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  void produce() {
    const auto ahead = static_cast<int64_t>(ring_.size());
    for (;;) {
      int64_t step = 0;
      {
        std::unique_lock lock(mutex_);
        taken_.wait(lock,
                    [&] { return stop_.stop_requested() || next_made_ >= last_ || next_made_ < next_out_ + ahead; });
        if (stop_.stop_requested() || next_made_ >= last_) return;
        step = next_made_++;
      }
      Slot slot = made(step);
      {
        const std::lock_guard lock(mutex_);
        slot_of(step) = std::move(slot);
      }
      made_.notify_one();
    }
  }

  Slot made(int64_t step) noexcept {
    Slot out;
    try {
      out.item.emplace(make_(step, stop_.get_token()));
    } catch (...) {
      out.error = std::current_exception();
    }
    return out;
  }

  Make make_;
  std::mutex mutex_;
  std::condition_variable made_, taken_;
  std::vector<Slot> ring_;
  int64_t next_out_, next_made_, last_;
  std::stop_source stop_;
  std::vector<std::thread> threads_;
};

}  // namespace sslbench
