// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Runs the forward pass in bfloat16 where LibTorch's autocast allows it; restores what was before. Forward only, one
// thread.
class Autocast {
 public:
  Autocast(at::DeviceType device, bool enabled);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool before_;
};

// For losses and statistics inside a forward pass: autocast off, arithmetic in float32.
class FullPrecision {
 public:
  FullPrecision() : cpu_(at::kCPU, false), cuda_(at::kCUDA, false) {}

 private:
  Autocast cpu_, cuda_;
};

}  // namespace sslbench
