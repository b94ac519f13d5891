// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/augment/planes.h"
#include "datasets/augment/resample.h"
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
  void prepare(int source_size, int outputs, bool mirrored, Interpolation kind);
};

// How the pixels of a crop are placed in the view.
struct Placement {
  bool mirrored = false;     // left to right
  bool upside_down = false;  // top to bottom
  Interpolation interpolation = Interpolation::bilinear;
};

// Crops, resizes (antialiased, values in [0, 1]; what bicubic overshoots is clamped) to the size of `out` and flips, in
// one pass over the source: rows that a view needs together stay in a ring of the kernel's height.
void resize_crop(const Image& image, const CropRect& crop, const Placement& placement, Planes& out);

// Rotates `crop` by `angle` (radians) about its centre and samples it at the size of `out` with one bilinear gather;
// what lies outside the image is reflected. Output (u, v) in [-1/2, 1/2]^2 shows the source point centre + R(angle) (u
// * width, v * height); flips mirror that picture.
void gather_rotated(const Image& image, const CropRect& crop, float angle, const Placement& placement, Planes& out);

// The pixels of `rect`, black where it leaves the image. `out` keeps its memory.
void cut_with_border(const Image& image, const CropRect& rect, Image& out);

}  // namespace sslbench
