// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/augment/planes.h"
#include "datasets/image.h"

namespace sslbench {

// Whole pixels of a source image.
struct CropRect {
  int top = 0, left = 0, height = 0, width = 0;
};

// The same number of taps for every output pixel of one axis (short ones are filled up with weight 0).
struct Taps {
  int count = 0;
  std::vector<int32_t> first;  // [outputs]
  std::vector<float> weight;   // [outputs * count], sum 1 for every output

  // Taps from `source_size` pixels to `outputs`; mirrored: output x takes the place of outputs - 1 - x.
  void prepare(int source_size, int outputs, bool mirrored);
};

// Crops and resizes (antialiased bilinear, values in [0, 1]) to the size of `out`, then flips left to right.
void resize_crop(const Image& image, const CropRect& crop, bool flip, Planes& out);

// Rotates `crop` by `angle` (radians) about its centre and samples it at the size of `out` with one bilinear gather;
// what lies outside the image is reflected. Output (u, v) in [-1/2, 1/2]^2 shows the source point centre + R(angle) (u
// * width, v * height).
void gather_rotated(const Image& image, const CropRect& crop, float angle, bool flip, Planes& out);

}  // namespace sslbench
