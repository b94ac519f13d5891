// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sslbench {

// The first place of values[from, to) that is larger than `bound`; `to` where none is.
int64_t first_above(const float* values, int64_t from, int64_t to, float bound);

}  // namespace sslbench
