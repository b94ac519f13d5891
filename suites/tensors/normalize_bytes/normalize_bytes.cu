// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/normalize_bytes/normalize_bytes_cuda.h"

namespace sslbench {
namespace {

constexpr int kThreads = 256;

__global__ void normalize_bytes_kernel(const uint8_t* __restrict__ bytes, float* __restrict__ out, int64_t values,
                                       ChannelStatistics statistics) {
  const int64_t i = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x;
  if (i < values) out[i] = normalize_byte(bytes[i], static_cast<int>(i % 3), statistics);
}

}  // namespace

void launch_normalize_bytes(const uint8_t* bytes, float* out, int64_t values, ChannelStatistics statistics,
                            cudaStream_t stream) {
  if (values == 0) return;
  const auto blocks = static_cast<unsigned>((values + kThreads - 1) / kThreads);
  normalize_bytes_kernel<<<blocks, kThreads, 0, stream>>>(bytes, out, values, statistics);
}

}  // namespace sslbench
