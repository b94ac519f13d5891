// SPDX-License-Identifier: Apache-2.0
// Activation checkpointing (Chen, Xu, Zhang, Guestrin: "Training Deep Nets with Sublinear Memory Cost",
// arXiv:1604.06174): a block keeps its input alone and is computed once more where its gradient is wanted.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace sslbench {

// While it lives, recomputed() on this thread means what it says; without one it just calls the block.
class Recomputation {
 public:
  explicit Recomputation(bool on);
  ~Recomputation();
  Recomputation(const Recomputation&) = delete;
  Recomputation& operator=(const Recomputation&) = delete;

 private:
  bool before_;
};

// block(x), whose activations are dropped and computed again in the backward pass, under the same autocast, kernels and
// ranks. Both times the block must do the same: what it draws is drawn outside it, and a state that it moves, it moves
// unless is_second_pass(). What it captures must outlive the backward pass. Where x needs no gradient nothing is
// dropped.
at::Tensor recomputed(const at::Tensor& x, const std::function<at::Tensor(const at::Tensor&)>& block);

// Whether a block is being computed again.
bool is_second_pass();

}  // namespace sslbench
