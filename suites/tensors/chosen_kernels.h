// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// Who does the arithmetic of layers that have an operator of their own here (suites/tensors/norm_act, conv3x3): it, or
// LibTorch's operators one by one. The same numbers but for rounding.
enum class Kernels { own, library };

// Chooses for this thread while it lives; outside it is the library.
class ChosenKernels {
 public:
  explicit ChosenKernels(Kernels kernels);
  ~ChosenKernels();
  ChosenKernels(const ChosenKernels&) = delete;
  ChosenKernels& operator=(const ChosenKernels&) = delete;

 private:
  Kernels before_;
};

Kernels chosen_kernels();

}  // namespace sslbench
