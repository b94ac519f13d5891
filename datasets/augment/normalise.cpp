// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/normalise.h"

#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

SSLBENCH_VECTOR_CLONES
void store_row(const float* __restrict__ r, const float* __restrict__ g, const float* __restrict__ b, int width,
               const float* scale, const float* shift, float* __restrict__ out) {
  const float s0 = scale[0], s1 = scale[1], s2 = scale[2], t0 = shift[0], t1 = shift[1], t2 = shift[2];
  for (int x = 0; x < width; ++x) {
    out[3 * x] = r[x] * s0 + t0;
    out[3 * x + 1] = g[x] * s1 + t1;
    out[3 * x + 2] = b[x] * s2 + t2;
  }
}

}  // namespace

void store_normalised(const Planes& planes, const Normalisation& normalisation, float* out) {
  float scale[3], shift[3];
  for (size_t c = 0; c < 3; ++c) {
    scale[c] = 1 / normalisation.deviation[c];
    shift[c] = -normalisation.mean[c] * scale[c];
  }
  for (int y = 0; y < planes.height(); ++y) {
    store_row(planes.row(0, y), planes.row(1, y), planes.row(2, y), planes.width(), scale, shift,
              out + static_cast<size_t>(y) * static_cast<size_t>(planes.width()) * 3);
  }
}

}  // namespace sslbench
