// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <string>

#include "suites/ground/settings.h"
#include "suites/tensors/autocast.h"

namespace sslbench {

// Arithmetic of forward and backward passes; parameters and optimizer state are float32 always.
enum class Precision {
  fp32,
  tf32,  // convolutions of a GPU round their inputs to TF32 (10 bits of mantissa): what PyTorch does by default there
  bf16,  // autocast
  fp16,  // autocast with dynamic loss scaling (suites/training/loss_scaler.h); of a GPU alone
};

// The option `precision`, and what it comes to: "auto" is bf16 on a GPU and on a CPU that multiplies it in hardware; a
// CPU has no TF32, there it is fp32. UserError on "fp16" without a GPU.
Option precision_option();
Precision precision_of(const std::string& name, at::Device device);
// As the option names it.
const char* name_of(Precision precision);
AutocastType autocast_type(Precision precision);

// Allows TF32 in convolutions while it lives; without it float32 means float32.
class ConvolutionsInTf32 {
 public:
  explicit ConvolutionsInTf32(bool allowed);
  ~ConvolutionsInTf32();
  ConvolutionsInTf32(const ConvolutionsInTf32&) = delete;
  ConvolutionsInTf32& operator=(const ConvolutionsInTf32&) = delete;

 private:
  bool before_;
};

}  // namespace sslbench
