// SPDX-License-Identifier: Apache-2.0
#include "suites/training/kernels_option.h"

namespace sslbench {

Option kernels_option() {
  return later(
      choice_option("kernels", "own", {"own", "library"},
                    "who computes convolutions of 3 x 3, and batch norm with residual and ReLU, on a CPU: operators of "
                    "ours, or LibTorch's, which round otherwise (on a GPU: library)"),
      "library");
}

Kernels kernels_of(const std::string& name, at::Device device) {
  return name == "own" && device.is_cpu() ? Kernels::own : Kernels::library;
}

const char* name_of(Kernels kernels) { return kernels == Kernels::own ? "own" : "library"; }

}  // namespace sslbench
