// SPDX-License-Identifier: Apache-2.0
// Arithmetic of resampling for CPU loops and CUDA kernels alike: taps of the antialiased resize (bilinear,
// bicubic), and the bilinear sample of a picture with reflected border.
#pragma once

#include <cstddef>
#include <cstdint>

#include "datasets/augment/colour.h"
#include "suites/ground/random.h"

namespace sslbench {

enum class Interpolation : uint8_t { bilinear, bicubic };

// Source pixels [first, first + count) that make one output pixel.
struct TapRange {
  int first, count;
};

// Half-width of the kernel in source pixels when nothing shrinks: a triangle's, or the cubic's.
SSLBENCH_HOST_DEVICE int kernel_radius(Interpolation kind) { return kind == Interpolation::bicubic ? 2 : 1; }

// Antialiased resize of PIL (ImagingResample) and torchvision: a kernel of half-width radius * max(scale, 1) source
// pixels about the output pixel's centre, cut at the border; scale = source size / output size.
SSLBENCH_HOST_DEVICE TapRange tap_range(int out, double scale, int source_size, Interpolation kind) {
  const double support = kernel_radius(kind) * (scale > 1 ? scale : 1);
  const double centre = (out + 0.5) * scale;
  int first = static_cast<int>(centre - support + 0.5);
  int last = static_cast<int>(centre + support + 0.5);
  first = first < 0 ? 0 : first;
  last = last > source_size ? source_size : last;
  return {first, last - first};
}

// Keys' cubic convolution with a = -0.5 at `distance` >= 0 (Keys 1981, eq. 15; the a of PIL and of torch's antialiased
// resize).
SSLBENCH_HOST_DEVICE double cubic_weight(double distance) {
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
}

// Weight of source pixel `tap` before the weights of one output pixel are divided by their sum.
SSLBENCH_HOST_DEVICE float tap_weight(int tap, int out, double scale, Interpolation kind) {
  const double shrink = scale > 1 ? scale : 1;
  const double distance = (tap + 0.5 - (out + 0.5) * scale) / shrink;
  const double magnitude = distance < 0 ? -distance : distance;
  if (kind == Interpolation::bicubic) return static_cast<float>(cubic_weight(magnitude));
  return static_cast<float>(magnitude < 1 ? 1 - magnitude : 0);
}

// Index of pixel i of a row that is continued by reflection about its outer edges: -1 -> 0, -2 -> 1, size -> size - 1.
SSLBENCH_HOST_DEVICE int reflected(int i, int size) {
  const int period = 2 * size;
  i %= period;
  i = i < 0 ? i + period : i;
  return i < size ? i : period - 1 - i;
}

// Index of pixel i of a row that is continued by reflection about the centres of its outer pixels: -1 -> 1, size ->
// size - 2.
SSLBENCH_HOST_DEVICE int mirrored(int i, int size) {
  if (size == 1) return 0;
  const int period = 2 * size - 2;
  i %= period;
  i = i < 0 ? i + period : i;
  return i < size ? i : period - i;
}

// Bilinear value in [0, 1] at (x, y) of a uint8 HWC picture, in pixels counted from the centre of the first one.
SSLBENCH_HOST_DEVICE Rgb bilinear_sample(const uint8_t* pixels, int height, int width, float x, float y) {
  int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  x0 -= x < static_cast<float>(x0) ? 1 : 0;  // towards minus infinity
  y0 -= y < static_cast<float>(y0) ? 1 : 0;
  const float wx = x - static_cast<float>(x0), wy = y - static_cast<float>(y0);
  int x1 = x0 + 1, y1 = y0 + 1;
  if (x0 < 0 || y0 < 0 || x1 >= width || y1 >= height) {
    x0 = reflected(x0, width), x1 = reflected(x1, width);
    y0 = reflected(y0, height), y1 = reflected(y1, height);
  }
  const uint8_t* top = pixels + static_cast<size_t>(y0) * static_cast<size_t>(width) * 3;
  const uint8_t* bottom = pixels + static_cast<size_t>(y1) * static_cast<size_t>(width) * 3;
  const float lower = wy * (1.f / 255), upper = 1.f / 255 - lower;
  const float w00 = (1.f - wx) * upper, w01 = wx * upper, w10 = (1.f - wx) * lower, w11 = wx * lower;
  const uint8_t *p00 = top + 3 * x0, *p01 = top + 3 * x1, *p10 = bottom + 3 * x0, *p11 = bottom + 3 * x1;
  return {w00 * p00[0] + w01 * p01[0] + w10 * p10[0] + w11 * p11[0],
          w00 * p00[1] + w01 * p01[1] + w10 * p10[1] + w11 * p11[1],
          w00 * p00[2] + w01 * p01[2] + w10 * p10[2] + w11 * p11[2]};
}

}  // namespace sslbench
