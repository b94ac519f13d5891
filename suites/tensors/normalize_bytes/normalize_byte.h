// SPDX-License-Identifier: Apache-2.0
// Arithmetic of one byte, shared by the CPU operator and the CUDA kernel.
#pragma once

#include <cstdint>

#include "suites/ground/random.h"

namespace sslbench {

struct ChannelStatistics {
  float mean[3], deviation[3];
};

// (byte / 255 - mean) / deviation of the byte's channel.
SSLBENCH_HOST_DEVICE float normalize_byte(uint8_t byte, int channel, const ChannelStatistics& statistics) {
  return (static_cast<float>(byte) * (1.0f / 255.0f) - statistics.mean[channel]) / statistics.deviation[channel];
}

}  // namespace sslbench
