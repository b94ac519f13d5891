// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/state_keeper.h"

#include <chrono>

#include "suites/training/saving/host_copy.h"
#include "suites/training/saving/state_hash.h"

namespace sslbench {

void StateKeeper::begin(std::function<std::string(const std::vector<NamedTensor>&)> work, int64_t hashed_step) {
  finish();
  hashed_step_ = hashed_step;
  // Deferred, and so done by finish(), where the system has no thread left.
  begun_ = std::async(std::launch::async | std::launch::deferred,
                      [work = std::move(work), copy = host_copy(state_, device_)] {
                        copy.wait();
                        return work(copy.state);
                      });
}

void StateKeeper::hash(int64_t step) {
  if (saving_ == Saving::in_place) return on_hash_(step, state_hash(state_, step));
  begin([step](const std::vector<NamedTensor>& state) { return state_hash(state, step); }, step);
}

void StateKeeper::save(int64_t step, nlohmann::json notes, std::function<void()> before) {
  if (saving_ == Saving::in_place) {
    before();
    return checkpoints_.save(state_, step, notes);
  }
  begin(
      [this, step, notes = std::move(notes), before = std::move(before)](const std::vector<NamedTensor>& state) {
        before();
        checkpoints_.save(state, step, notes);
        return std::string();
      },
      -1);
}

void StateKeeper::look() {
  if (hashed_step_ >= 0 || !begun_.valid()) return;  // ranks compare a hash, and so end it at the same step
  if (begun_.wait_for(std::chrono::seconds(0)) != std::future_status::timeout) finish();
}

void StateKeeper::finish() {
  if (!begun_.valid()) return;
  const std::string hash = begun_.get();
  if (hashed_step_ >= 0) on_hash_(hashed_step_, hash);
}

}  // namespace sslbench
