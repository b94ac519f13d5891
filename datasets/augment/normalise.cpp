// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/normalise.h"

namespace sslbench {

void store_normalised(const Planes& planes, const Normalisation& normalisation, float* out) {
  float scale[3], shift[3];
  for (size_t c = 0; c < 3; ++c) {
    scale[c] = 1 / normalisation.deviation[c];
    shift[c] = -normalisation.mean[c] * scale[c];
  }
  for (int y = 0; y < planes.height(); ++y) {
    const float *r = planes.row(0, y), *g = planes.row(1, y), *b = planes.row(2, y);
    for (int x = 0; x < planes.width(); ++x, out += 3) {
      out[0] = r[x] * scale[0] + shift[0];
      out[1] = g[x] * scale[1] + shift[1];
      out[2] = b[x] * scale[2] + shift[2];
    }
  }
}

}  // namespace sslbench
