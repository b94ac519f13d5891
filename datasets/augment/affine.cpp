// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/affine.h"

#include <utility>

namespace sslbench {

void apply_affine(const AffineMap& map, Planes& planes) {
  thread_local Planes out;
  out.resize(planes.height(), planes.width());
  for (int y = 0; y < planes.height(); ++y) {
    for (int x = 0; x < planes.width(); ++x) {
      const int from = nearest_source(map, y, x, planes.height(), planes.width(), planes.stride());
      for (int channel = 0; channel < 3; ++channel) {
        out.row(channel, y)[x] = from < 0 ? 0.f : planes.plane(channel)[from];
      }
    }
  }
  std::swap(planes, out);
}

}  // namespace sslbench
