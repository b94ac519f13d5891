// SPDX-License-Identifier: Apache-2.0
// Counter-based randomness: every number is a pure function of what it is for, never of who asked first.
// Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011; equal to Random123's vectors.
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define SSLBENCH_HOST_DEVICE __host__ __device__ inline
#else
#define SSLBENCH_HOST_DEVICE inline
#endif

namespace sslbench {

struct PhiloxBlock {
  uint32_t v[4];
};

SSLBENCH_HOST_DEVICE PhiloxBlock philox(PhiloxBlock counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = static_cast<uint64_t>(0xD2511F53u) * counter.v[0];
    const uint64_t b = static_cast<uint64_t>(0xCD9E8D57u) * counter.v[2];
    counter = PhiloxBlock{{static_cast<uint32_t>(b >> 32) ^ counter.v[1] ^ key0, static_cast<uint32_t>(b),
                           static_cast<uint32_t>(a >> 32) ^ counter.v[3] ^ key1, static_cast<uint32_t>(a)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// What randomness is drawn for; part of the key, so that no two uses share numbers.
enum class RandomUse : uint32_t {
  view = 1,
  order = 2,
  pretext = 3,
  render = 4,
  split = 5,
  bootstrap = 6,
  initial = 7,
  mixing = 8,
  drop_path = 16
};

// Draws for one (seed, use, epoch, sample, view): the sequence restarts for each such tuple and may be drawn lazily.
class RandomStream {
 public:
  SSLBENCH_HOST_DEVICE RandomStream(uint64_t seed, RandomUse use, uint32_t epoch, uint32_t sample, uint32_t view = 0)
      : key0_(static_cast<uint32_t>(seed)),
        key1_(static_cast<uint32_t>(seed >> 32) ^ (static_cast<uint32_t>(use) << 24)),
        counter_{{0, sample, epoch, view}} {}

  SSLBENCH_HOST_DEVICE uint32_t bits() {
    if (used_ == 4) {
      block_ = philox(counter_, key0_, key1_);
      ++counter_.v[0];
      used_ = 0;
    }
    return block_.v[used_++];
  }
  // Uniform in [0, 1), a multiple of 2^-24.
  SSLBENCH_HOST_DEVICE float uniform() { return static_cast<float>(bits() >> 8) * 5.9604644775390625e-8f; }
  SSLBENCH_HOST_DEVICE float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // Uniform in {0, .., n-1} for n >= 1; bias below n / 2^32.
  SSLBENCH_HOST_DEVICE uint32_t below(uint32_t n) {
    return static_cast<uint32_t>((static_cast<uint64_t>(bits()) * n) >> 32);
  }

 private:
  uint32_t key0_, key1_;
  PhiloxBlock counter_;
  PhiloxBlock block_{};
  int used_ = 4;
};

}  // namespace sslbench
