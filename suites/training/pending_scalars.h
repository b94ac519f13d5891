// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "suites/tensors/ranks/ranks.h"
#include "suites/training/loss_scaler.h"

namespace sslbench {

// What the host knows of a step once it has read it.
struct StepScalars {
  double loss = 0, gradient_norm = 0;  // the norm of a step that was skipped is none
  bool skipped = false;                // by LossScaling
  double loss_scale = -1;              // of the next step; -1: none
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
  void add(int64_t step, const at::Tensor& loss, const at::Tensor& gradient_norm,
           const std::optional<LossScaling>& scaling = {});
  bool full() const { return pending_.size() >= kCapacity; }
  // Reads what is pending, losses summed over the ranks, and returns that of the newest step; nothing when nothing is.
  // RunFailure(non_finite) names the first step whose loss, or gradient norm without being skipped, is not finite, or
  // whose loss scale has fallen below LossScaler::kLeastScale. A loss that is not finite before it is scaled is no
  // matter of the scale: what overflowed on the way to it also lies in statistics of batch norm and in queues.
  std::optional<StepScalars> read(Ranks& group = ranks());

 private:
  struct Pending {
    int64_t step;
    std::vector<at::Tensor> values;  // loss, gradient norm; then those of LossScaling
  };
  void check(int64_t step, const StepScalars& values) const;

  int64_t steps_;
  std::vector<Pending> pending_;
};

}  // namespace sslbench
