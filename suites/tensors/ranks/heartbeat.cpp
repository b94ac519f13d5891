// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/heartbeat.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <vector>

#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kShortest{1}, kLongest{50};  // between two looks at who has come
constexpr std::chrono::seconds kFarewell{1};

std::string seconds_text(milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

// What both threads share; only the thread that beats talks to the store.
struct Heartbeat::Beating {
  struct Sign {
    int64_t beats = -1;
    Clock::time_point since;
  };

  void run();
  void beat_and_look(int64_t waiting_for);
  bool all_came(int64_t wait);
  void expect_signs();

  c10::intrusive_ptr<c10d::Store> store;
  int64_t rank = 0, size = 1;
  milliseconds timeout{};

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false, ended = false;
  int64_t asked = 0, done = 0;  // waits
  std::string failure;          // of the store, or of a rank
  Clock::time_point answered = Clock::now();

  // Of the thread that beats alone.
  int64_t announced = 0;
  Clock::time_point next_beat = Clock::now();
  std::vector<Sign> signs;
};

void Heartbeat::Beating::run() {
  std::unique_lock lock(mutex);
  milliseconds pause = kShortest;
  while (!stopping && failure.empty()) {
    const int64_t wait = asked > done ? asked : 0;
    lock.unlock();
    std::string wrong;
    bool came = false;
    try {
      beat_and_look(wait);
      came = wait > 0 && all_came(wait);
    } catch (const std::exception& error) {
      wrong = error.what();
    }
    lock.lock();
    answered = Clock::now();
    failure = first_line(wrong);
    if (came) done = wait;
    if (came || !failure.empty()) changed.notify_all();
    pause = wait > 0 && !came ? std::min(2 * pause, kLongest) : kShortest;
    const auto until = wait > 0 && !came ? Clock::now() + pause : next_beat;
    changed.wait_until(lock, until, [&] { return stopping || (wait == 0 || came ? asked > done : false); });
  }
  ended = true;
  changed.notify_all();
}

void Heartbeat::Beating::beat_and_look(int64_t waiting_for) {
  const auto now = Clock::now();
  if (now >= next_beat) {
    store->add("alive/" + std::to_string(rank), 1);
    next_beat = now + timeout / 4;
    if (waiting_for > 0) expect_signs();
  }
}

bool Heartbeat::Beating::all_came(int64_t wait) {
  const bool fresh = wait > announced;
  if (fresh) signs.assign(static_cast<size_t>(size), {});
  announced = wait;
  if (store->add("waiting/" + std::to_string(wait), fresh ? 1 : 0) < size) return false;
  // The store lives with the first rank, which may leave after this: not before all others have read it.
  const std::string seen = "seen/" + std::to_string(wait);
  if (rank == 0) return store->add(seen, 0) >= size - 1;
  store->add(seen, 1);
  return true;
}

void Heartbeat::Beating::expect_signs() {
  for (int64_t r = 0; r < std::ssize(signs); ++r) {
    Sign& sign = signs[static_cast<size_t>(r)];
    const int64_t beats = store->add("alive/" + std::to_string(r), 0);
    const auto now = Clock::now();
    if (beats != sign.beats) sign = {beats, now};
    if (now - sign.since < timeout) continue;
    throw std::runtime_error("rank " + std::to_string(r) + " gave no sign of life for " + seconds_text(timeout));
  }
}

Heartbeat::Heartbeat(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t size, milliseconds timeout)
    : beating_(std::make_shared<Beating>()) {
  beating_->store = std::move(store);
  beating_->rank = rank, beating_->size = size, beating_->timeout = timeout;
  std::thread([beating = beating_] { beating->run(); }).detach();
}

Heartbeat::~Heartbeat() {
  std::unique_lock lock(beating_->mutex);
  beating_->stopping = true;
  beating_->changed.notify_all();
  beating_->changed.wait_for(lock, kFarewell, [&] { return beating_->ended; });
}

void Heartbeat::wait_for_all() {
  Beating& beating = *beating_;
  std::unique_lock lock(beating.mutex);
  const int64_t wait = ++beating.asked;
  beating.changed.notify_all();
  while (beating.done < wait) {
    beating.changed.wait_for(lock, kLongest);
    if (!beating.failure.empty()) throw std::runtime_error(beating.failure);
    if (Clock::now() - beating.answered < beating.timeout + beating.timeout / 4) continue;
    throw std::runtime_error("the place where the ranks met gave no answer for " + seconds_text(beating.timeout));
  }
}

}  // namespace sslbench
