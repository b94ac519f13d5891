// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/heartbeat.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace sslbench {
namespace {

using Clock = std::chrono::steady_clock;

std::string sign_of(int64_t rank) { return "alive/" + std::to_string(rank); }

}  // namespace

Heartbeat::Heartbeat(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t size,
                     std::chrono::milliseconds timeout)
    : store_(std::move(store)), rank_(rank), size_(size), timeout_(timeout), thread_([this] { beat(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Heartbeat::beat() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      store_->add(sign_of(rank_), 1);
    } catch (const std::exception&) {  // it is gone: whoever waits for something finds out
      return;
    }
    lock.lock();
    stop_.wait_for(lock, timeout_ / 4, [this] { return stopping_; });
  }
}

void Heartbeat::expect_signs(std::vector<Sign>& signs) {
  for (int64_t r = 0; r < size_; ++r) {
    Sign& sign = signs[static_cast<size_t>(r)];
    const int64_t beats = store_->add(sign_of(r), 0);
    const auto now = Clock::now();
    if (beats != sign.beats) sign = {beats, now};
    if (now - sign.since < timeout_) continue;
    throw std::runtime_error("rank " + std::to_string(r) + " gave no sign of life for " +
                             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(timeout_).count()) + " s");
  }
}

void Heartbeat::wait_for_all() {
  constexpr auto kLongest = std::chrono::milliseconds(50);
  const std::string arrived = "waiting/" + std::to_string(waits_++);
  std::vector<Sign> signs(static_cast<size_t>(size_));
  int64_t there = store_->add(arrived, 1);
  for (auto pause = std::chrono::milliseconds(1); there < size_; pause = std::min(2 * pause, kLongest)) {
    std::this_thread::sleep_for(pause);
    if (pause == kLongest) expect_signs(signs);
    there = store_->add(arrived, 0);
  }
}

}  // namespace sslbench
