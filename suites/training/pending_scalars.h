// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

// What the host knows of a step once it has read it.
struct StepScalars {
  double loss = 0, gradient_norm = 0;
};

// Loss and gradient norm of the last steps, which the host has not read yet: reading waits for a GPU, so it is done for
// several steps at once.
class PendingScalars {
 public:
  // How many steps may lie unread, which is how late a number that is not finite is noticed.
  static constexpr size_t kCapacity = 8;

  // steps: planned, for the words of a failure.
  explicit PendingScalars(int64_t steps) : steps_(steps) {}

  // 0-d tensors of optimizer step `step` (the first is 1), both on one device; the loss is this rank's share of it.
  void add(int64_t step, const at::Tensor& loss, const at::Tensor& gradient_norm);
  bool full() const { return pending_.size() >= kCapacity; }
  // Reads what is pending, losses summed over the ranks, and returns that of the newest step; nothing when nothing is.
  // RunFailure(non_finite) names the first step whose loss or gradient norm is not finite.
  std::optional<StepScalars> read(Ranks& group = ranks());

 private:
  struct Pending {
    int64_t step;
    at::Tensor loss, gradient_norm;
  };
  void check(int64_t step, const char* what, double value) const;

  int64_t steps_;
  std::vector<Pending> pending_;
};

}  // namespace sslbench
