// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace sslbench {

// What autocast takes operators to; nothing: they keep their operands' type.
using AutocastType = std::optional<at::ScalarType>;
AutocastType autocast_type(at::DeviceType device);

// Runs the forward pass in `type` where LibTorch's autocast allows it; restores what was before. Forward only, one
// thread.
class Autocast {
 public:
  Autocast(at::DeviceType device, AutocastType type);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  AutocastType before_;
};

// For losses and statistics inside a forward pass: autocast off, arithmetic in float32.
class FullPrecision {
 public:
  FullPrecision() : cpu_(at::kCPU, std::nullopt), cuda_(at::kCUDA, std::nullopt) {}

 private:
  Autocast cpu_, cuda_;
};

}  // namespace sslbench
