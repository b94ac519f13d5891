// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/pixel_noise.h"

#include <cmath>
#include <numbers>

#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/library_threads.h"

namespace sslbench {
namespace {

// Box and Muller's transform: two normals from two uniforms.
void fill_normal(RandomStream& stream, float* out, int64_t count) {
  for (int64_t i = 0; i < count; i += 2) {
    const float radius = std::sqrt(-2 * std::log(1 - stream.uniform()));
    const float angle = 2 * std::numbers::pi_v<float> * stream.uniform();
    out[i] = radius * std::cos(angle);
    if (i + 1 < count) out[i + 1] = radius * std::sin(angle);
  }
}

void fill_uniform(RandomStream& stream, float* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = stream.uniform();
}

template <class Fill>
at::Tensor filled(at::IntArrayRef shape_NCHW, const std::vector<int64_t>& samples, const NoiseKey& key, Fill fill) {
  at::Tensor out = at::empty(shape_NCHW, at::kFloat);
  const int64_t N = out.size(0), each = N > 0 ? out.numel() / N : 0;
  auto* values = out.mutable_data_ptr<float>();
  on_library_threads(N, [&](int64_t first, int64_t last) {
    for (int64_t n = first; n < last; ++n) {
      RandomStream stream(key.seed, RandomUse::pretext, static_cast<uint32_t>(key.epoch),
                          static_cast<uint32_t>(samples[static_cast<size_t>(n)]), key.view);
      fill(stream, values + n * each, each);
    }
  });
  return out;
}

}  // namespace

at::Tensor uniform_pixels(at::IntArrayRef shape_NCHW, const std::vector<int64_t>& samples, const NoiseKey& key) {
  return filled(shape_NCHW, samples, key, fill_uniform);
}

at::Tensor normal_pixels(at::IntArrayRef shape_NCHW, const std::vector<int64_t>& samples, const NoiseKey& key) {
  return filled(shape_NCHW, samples, key, fill_normal);
}

}  // namespace sslbench
