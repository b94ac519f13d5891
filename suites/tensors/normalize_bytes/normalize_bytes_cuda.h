// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "suites/tensors/normalize_bytes/normalize_byte.h"

namespace sslbench {

// Normalises `values` interleaved RGB bytes on `stream`; both pointers are device memory.
void launch_normalize_bytes(const uint8_t* bytes, float* out, int64_t values, ChannelStatistics statistics,
                            cudaStream_t stream);

}  // namespace sslbench
