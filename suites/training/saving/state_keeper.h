// SPDX-License-Identifier: Apache-2.0
// Hashes and checkpoints of a training that goes on meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "suites/training/saving/checkpoint.h"

namespace sslbench {

// How the state is read.
enum class Saving : uint8_t {
  // By the training's thread, in place: for a training on processors, which it would have to share with another thread,
  // beside memory for a copy.
  in_place,
  // Between two steps it is copied to the host; hashing, writing and waiting for the disk are done by a thread of its
  // own, one thing at a time, and a GPU goes on.
  beside,
};
inline Saving saving_on(at::Device device) { return device.is_cpu() ? Saving::in_place : Saving::beside; }

// Its methods are for the training's thread alone.
class StateKeeper {
 public:
  using NewHash = std::function<void(int64_t step, const std::string& hash)>;
  // `on_hash` is told each hash on the training's thread, in the order of steps.
  StateKeeper(std::vector<NamedTensor> state, at::Device device, Saving saving, Checkpoints checkpoints,
              NewHash on_hash)
      : state_(std::move(state)),
        device_(device),
        saving_(saving),
        checkpoints_(std::move(checkpoints)),
        on_hash_(std::move(on_hash)) {}
  // Waits for what was begun.
  ~StateKeeper() = default;

  const std::vector<NamedTensor>& state() const { return state_; }
  const Checkpoints& checkpoints() const { return checkpoints_; }

  // Begins a hash of the state after `step` steps.
  void hash(int64_t step);
  // Begins to save it, after `before` was called on the thread that writes. Notes that hold hashes are to be made after
  // finish(). What fails comes out of this or one of the next calls here.
  void save(int64_t step, nlohmann::json notes, std::function<void()> before);
  // Throws if a checkpoint has failed since; does not wait.
  void look();
  // Waits for what was begun; throws what failed.
  void finish();

 private:
  void begin(std::function<std::string(const std::vector<NamedTensor>&)> work, int64_t hashed_step);

  std::vector<NamedTensor> state_;
  at::Device device_;
  Saving saving_;
  Checkpoints checkpoints_;
  NewHash on_hash_;
  int64_t hashed_step_ = -1;        // of what is under way; -1: no hash
  std::future<std::string> begun_;  // the hash, or ""
};

}  // namespace sslbench
