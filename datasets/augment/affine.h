// SPDX-License-Identifier: Apache-2.0
// Affine maps of a picture onto itself by the nearest pixel; what comes from outside is black.
// Source: torchvision.transforms.v2.functional.affine and rotate (nearest, fill 0).
#pragma once

#include <math.h>

#include "datasets/augment/planes.h"
#include "suites/ground/random.h"

namespace sslbench {

// From a point of the result to its source, both in pixels from the top left corner (pixel centres at + 1/2):
// x' = xx x + xy y + x0, y' = yx x + yy y + y0.
struct AffineMap {
  float xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0;
};

SSLBENCH_HOST_DEVICE AffineMap shear_map(float across, float down) { return {1, across, 0, down, 1, 0}; }
SSLBENCH_HOST_DEVICE AffineMap translation_map(float x, float y) { return {1, 0, -x, 0, 1, -y}; }

// Counter-clockwise about the centre by the angle of that cosine and sine.
SSLBENCH_HOST_DEVICE AffineMap rotation_map(float cosine, float sine, int height, int width) {
  const float cx = 0.5f * static_cast<float>(width), cy = 0.5f * static_cast<float>(height);
  return {cosine, -sine, cx - cosine * cx + sine * cy, sine, cosine, cy - sine * cx - cosine * cy};
}

// Index of the source pixel in a plane of rows `stride` apart, or -1 when it lies outside. Halves go to the even
// neighbour, as grid_sample has it.
SSLBENCH_HOST_DEVICE int nearest_source(const AffineMap& map, int y, int x, int height, int width, int stride) {
  const float u = static_cast<float>(x) + 0.5f, v = static_cast<float>(y) + 0.5f;
  const float from_x = nearbyintf(map.xx * u + map.xy * v + map.x0 - 0.5f);
  const float from_y = nearbyintf(map.yx * u + map.yy * v + map.y0 - 0.5f);
  const bool inside =
      from_x >= 0.f && from_y >= 0.f && from_x < static_cast<float>(width) && from_y < static_cast<float>(height);
  return inside ? static_cast<int>(from_y) * stride + static_cast<int>(from_x) : -1;
}

void apply_affine(const AffineMap& map, Planes& planes);

}  // namespace sslbench
