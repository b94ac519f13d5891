// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/step_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>

namespace sslbench {
namespace {

using std::chrono::milliseconds;

// An item that can be moved only and has no empty state.
struct Parcel {
  explicit Parcel(int64_t number) : value(std::make_unique<int64_t>(number)) {}
  std::unique_ptr<int64_t> value;
};

Parcel square(int64_t step, const std::stop_token&) { return Parcel(step * step); }

// Fault matrix: 62
TEST(StepStreamTest, HandsOutStepsInOrderForAnyNumberOfWorkers) {
  for (const int workers : {0, 1, 4}) {
    StepStream<Parcel> stream(workers, 3, 40, square);
    for (int64_t step = 3; step < 40; ++step) EXPECT_EQ(*stream.next().value, step * step);
    EXPECT_THROW(stream.next(), InternalError);
  }
}

// Fault matrix: 12
TEST(StepStreamTest, AnExceptionComesOutAtItsStepAndTheNextStepsGoOn) {
  for (const int workers : {0, 2}) {
    StepStream<int> stream(workers, 0, 100, [](int64_t step, const std::stop_token&) -> int {
      if (step == 3) throw std::runtime_error("broken image");
      if (step == 5) throw 7;
      return static_cast<int>(step);
    });
    for (int step = 0; step < 3; ++step) EXPECT_EQ(stream.next(), step);
    EXPECT_THROW(stream.next(), std::runtime_error);
    EXPECT_EQ(stream.next(), 4);
    EXPECT_THROW(stream.next(), int);
    EXPECT_EQ(stream.next(), 6);
  }
}

TEST(StepStreamTest, NoMoreIsMadeAheadThanTheRingHolds) {
  constexpr int kWorkers = 3;
  std::atomic<int64_t> taken = 0, furthest = 0;
  {
    StepStream<int> stream(kWorkers, 0, 1000, [&](int64_t step, const std::stop_token&) {
      const int64_t ahead = step - taken;
      for (int64_t known = furthest; ahead > known && !furthest.compare_exchange_weak(known, ahead);) {
      }
      return 0;
    });
    std::this_thread::sleep_for(milliseconds(20));
    for (int i = 0; i < 50; ++i) {
      stream.next();
      ++taken;
    }
  }
  EXPECT_LE(furthest, 2 * kWorkers);
}

TEST(StepStreamTest, DestructionStopsWhatIsBeingMade) {
  std::atomic<int> entered = 0, stopped = 0;
  {
    StepStream<int> stream(4, 0, 100, [&](int64_t, const std::stop_token& stop) -> int {
      ++entered;
      while (!stop.stop_requested()) std::this_thread::sleep_for(milliseconds(1));
      ++stopped;
      throw std::runtime_error("abandoned");
    });
    while (entered < 4) std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_EQ(stopped, 4);
}

TEST(StepStreamTest, AConsumerThatThrowsLeavesNothingBehind) {
  std::atomic<int> alive = 0;
  const auto consume = [&] {
    StepStream<int> stream(3, 0, 1000, [&](int64_t, const std::stop_token&) {
      ++alive;
      std::this_thread::sleep_for(milliseconds(1));
      --alive;
      return 0;
    });
    stream.next();
    throw std::runtime_error("non-finite loss");
  };
  EXPECT_THROW(consume(), std::runtime_error);
  EXPECT_EQ(alive, 0);
}

TEST(StepStreamTest, AStreamThatIsNeverAskedEnds) {
  for (int i = 0; i < 50; ++i) StepStream<Parcel>(2, 0, 10, square);
}

// Starts `good` threads and then throws what the system throws when it has no more.
StartThread only(int good, std::atomic<int>& asked) {
  return [good, &asked](std::function<void()> body) {
    if (asked++ >= good) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    return std::thread(std::move(body));
  };
}

TEST(StepStreamTest, ThreadsThatTheSystemRefusesAreDoneWithout) {
  for (const int good : {0, 1, 2}) {
    std::atomic<int> asked = 0;
    StepStream<Parcel> stream(4, 0, 30, square, only(good, asked));
    for (int64_t step = 0; step < 30; ++step) EXPECT_EQ(*stream.next().value, step * step);
    EXPECT_EQ(asked, good + 1);
  }
}

TEST(StepStreamTest, AnyOtherFailureToStartEndsTheThreadsThatRun) {
  std::atomic<int> asked = 0;
  const StartThread failing = [&](std::function<void()> body) {
    if (asked++ == 2) throw std::bad_alloc();
    return std::thread(std::move(body));
  };
  EXPECT_THROW(StepStream<Parcel>(4, 0, 30, square, failing), std::bad_alloc);
}

}  // namespace
}  // namespace sslbench
