// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/ground/random.h"

namespace sslbench {

// A uniform permutation of 0 .. count - 1 (Fisher-Yates), [count] int64 on the CPU: a function of the stream's key.
at::Tensor random_permutation(RandomStream stream, int64_t count);

}  // namespace sslbench
