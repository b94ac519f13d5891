// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "methods/module.h"

namespace sslbench {

// What a step with a scaled loss leaves for the host to read later; all 0-d, where the step ran.
struct LossScaling {
  Tensor overflowed;  // 1 where a gradient was not finite, so that this step changed nothing; else 0
  Tensor scale;       // of the next step
};

// Dynamic loss scaling by the rules of torch.amp.GradScaler: a loss times a scale keeps gradients above float16's
// smallest number. A step with a gradient that is not finite is skipped and halves the scale; so many good steps in a
// row double it. The arithmetic is LibTorch's own, on the device: the host reads nothing. Schedules and teachers go on
// in a skipped step, as they do in PyTorch's loops. Micikevicius et al., ICLR 2018, arXiv:1710.03740.
class LossScaler {
 public:
  // torch.amp.GradScaler's defaults.
  static constexpr double kFirstScale = 65536, kGrowth = 2, kBackOff = 0.5;
  static constexpr int64_t kGrowthInterval = 2000;
  // Below it a scale no longer helps (fairseq's --min-loss-scale); 30 skipped steps in a row lead there.
  static constexpr double kLeastScale = 1e-4;

  explicit LossScaler(at::Device device);

  Tensor scaled(const Tensor& loss) const { return loss * scale_; }
  // Takes the scale out of the gradients. Returns 0-d float32: 1 where one of them was not finite, else 0.
  Tensor unscale(const std::vector<NamedTensor>& parameters) const;
  // After the step: what the next one's scale is.
  LossScaling update(const Tensor& overflowed);

  // 0-d: the next step's scale, and how many steps were skipped so far.
  const Tensor& scale() const { return scale_; }
  const Tensor& skipped() const { return skipped_; }

  std::vector<NamedTensor> state() const {
    return {{"scale", scale_}, {"good_steps", good_steps_}, {"skipped", skipped_}};
  }

 private:
  Tensor scale_, good_steps_, skipped_;
};

}  // namespace sslbench
