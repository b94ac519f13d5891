// SPDX-License-Identifier: Apache-2.0
// Operations that move whole pixels: flips, quarter turns, erased rectangles.
#pragma once

#include <array>

#include "datasets/augment/planes.h"
#include "datasets/augment/resize.h"
#include "suites/ground/random.h"

namespace sslbench {

struct PixelPlace {
  int y, x;
};

// Where pixel (y, x) of a picture turned counter-clockwise by k quarters comes from; the source is height x width.
SSLBENCH_HOST_DEVICE PixelPlace before_quarter_turns(int k, int y, int x, int height, int width) {
  switch (k & 3) {
    case 1: return {x, width - 1 - y};
    case 2: return {height - 1 - y, width - 1 - x};
    case 3: return {height - 1 - x, y};
    default: return {y, x};
  }
}

void flip_left_right(Planes& planes);
void flip_upside_down(Planes& planes);

// `out` becomes `planes` turned counter-clockwise by k quarters; sides are swapped when k is odd.
void turn_quarters(int k, const Planes& planes, Planes& out);

// Fills `rect`, which lies inside the picture, with one value a channel.
void erase(const CropRect& rect, const std::array<float, 3>& value, Planes& planes);

}  // namespace sslbench
