// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/training/precision.h"

namespace sslbench {

// Floating-point operations a second that this machine does at most: the faster of a matrix product and a 3x3
// convolution, of sizes that suit it, by LibTorch in this precision and with the threads that it uses now. Measured at
// the first call for each precision.
double peak_operations(const at::Device& device, Precision precision);

}  // namespace sslbench
