// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <string>

#include "suites/ground/settings.h"
#include "suites/tensors/chosen_kernels.h"

namespace sslbench {

// The option `kernels`, and what it comes to on a device: a GPU has no own ones, there it is the library.
Option kernels_option();
Kernels kernels_of(const std::string& name, at::Device device);
// As the option names it.
const char* name_of(Kernels kernels);

}  // namespace sslbench
