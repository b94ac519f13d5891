// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/module.h"

namespace sslbench {

// Stochastic depth: in training, a residual branch is left out for an image with probability p and otherwise scaled by
// 1 / (1 - p). Huang et al., ECCV 2016, arXiv:1603.09382, with p growing linearly from 0 in the first block to `rate`
// in the last, as timm and torchvision do. What is left out is a pure function of (seed, epoch, sample, view, branch).
class DropPath final : public Module {
 public:
  DropPath(double rate, int64_t blocks, int64_t branches_per_block);

  // Factors [blocks * branches_per_block, N] of the next forward pass of N rows, float32; undefined where nothing is
  // left out (rate 0, evaluation). The rows belong to the samples of begin_step in their order, view after view; each
  // call of a step is another view. Training with a rate needs begin_step before every step (InternalError).
  Tensor draw(int64_t N, at::Device device) const;

 private:
  void on_step(const StepKey& key) override;

  double rate_;
  int64_t blocks_, branches_;
  StepKey key_;
  mutable uint32_t views_ = 0;  // views of this step that have been drawn
};

}  // namespace sslbench
