// SPDX-License-Identifier: Apache-2.0
#include "suites/training/kernels_option.h"

namespace sslbench {

Option kernels_option() {
  return later(
      choice_option("kernels", "library", {"library", "own"},
                    "who computes batch norm, residual and ReLU on a CPU: LibTorch's operators one by one, or one "
                    "of ours, which rounds otherwise (on a GPU: library)"),
      "library");
}

Kernels kernels_of(const std::string& name, at::Device device) {
  return name == "own" && device.is_cpu() ? Kernels::own : Kernels::library;
}

const char* name_of(Kernels kernels) { return kernels == Kernels::own ? "own" : "library"; }

}  // namespace sslbench
