// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/sharpness.h"

#include <algorithm>
#include <vector>

#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

SSLBENCH_VECTOR_CLONES
void sharpen_row(const float* above, const float* at, const float* below, int width, float factor,
                 float* __restrict__ out) {
  for (int x = 1; x < width - 1; ++x) out[x] = sharpened(above + x, at + x, below + x, factor);
}

}  // namespace

void apply_sharpness(float factor, Planes& planes) {
  thread_local std::vector<float> rows;
  const int width = planes.width();
  const auto stride = static_cast<size_t>(width);
  rows.resize(2 * stride);
  for (int channel = 0; channel < 3; ++channel) {
    float *above = rows.data(), *at = above + stride;  // rows as they were before
    std::copy_n(planes.row(channel, 0), width, above);
    for (int y = 1; y < planes.height() - 1; ++y) {
      std::copy_n(planes.row(channel, y), width, at);
      sharpen_row(above, at, planes.row(channel, y + 1), width, factor, planes.row(channel, y));
      std::swap(above, at);
    }
  }
}

}  // namespace sslbench
