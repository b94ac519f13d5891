// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/chosen_kernels.h"

namespace sslbench {
namespace {

thread_local Kernels chosen = Kernels::library;

}  // namespace

ChosenKernels::ChosenKernels(Kernels kernels) : before_(chosen) { chosen = kernels; }
ChosenKernels::~ChosenKernels() { chosen = before_; }

Kernels chosen_kernels() { return chosen; }

}  // namespace sslbench
