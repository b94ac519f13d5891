// SPDX-License-Identifier: Apache-2.0
// Colour arithmetic on one pixel, channels in [0, 1], for CPU loops and CUDA kernels alike; free of branches.
// Source: torchvision.transforms.v2.functional on float tensors (brightness, contrast, saturation, hue, grayscale,
// solarize), every result clamped to [0, 1].
#pragma once

#include "suites/ground/random.h"

namespace sslbench {

struct Rgb {
  float r, g, b;
};

SSLBENCH_HOST_DEVICE float larger(float a, float b) { return a > b ? a : b; }
SSLBENCH_HOST_DEVICE float smaller(float a, float b) { return a < b ? a : b; }
SSLBENCH_HOST_DEVICE float clamp_unit(float x) { return smaller(larger(x, 0.f), 1.f); }

// ITU-R BT.601 luma with torchvision's rounded weights (they add up to 0.9999).
SSLBENCH_HOST_DEVICE float gray_level(Rgb p) { return 0.2989f * p.r + 0.587f * p.g + 0.114f * p.b; }

// factor * p + (1 - factor) * other, clamped: brightness blends with 0, contrast with the image's mean gray level,
// saturation with the pixel's own.
SSLBENCH_HOST_DEVICE Rgb blend(Rgb p, float other, float factor) {
  const float rest = (1.f - factor) * other;
  return {clamp_unit(factor * p.r + rest), clamp_unit(factor * p.g + rest), clamp_unit(factor * p.b + rest)};
}

SSLBENCH_HOST_DEVICE Rgb brightened(Rgb p, float factor) { return blend(p, 0.f, factor); }
SSLBENCH_HOST_DEVICE Rgb contrasted(Rgb p, float mean_gray, float factor) { return blend(p, mean_gray, factor); }
SSLBENCH_HOST_DEVICE Rgb saturated(Rgb p, float factor) { return blend(p, gray_level(p), factor); }

SSLBENCH_HOST_DEVICE Rgb grayed(Rgb p) {
  const float level = gray_level(p);
  return {level, level, level};
}

SSLBENCH_HOST_DEVICE Rgb solarized(Rgb p, float threshold) {
  return {p.r >= threshold ? 1.f - p.r : p.r, p.g >= threshold ? 1.f - p.g : p.g, p.b >= threshold ? 1.f - p.b : p.b};
}

// One channel of HSV -> RGB: v - chroma * clamp(min(k, 4 - k), 0, 1) with k = (offset + 6 h) mod 6; offset 5, 3, 1.
SSLBENCH_HOST_DEVICE float hue_channel(float offset, float six_h, float value, float chroma) {
  float k = offset + six_h;
  k = k >= 6.f ? k - 6.f : k;
  return value - chroma * clamp_unit(smaller(k, 4.f - k));
}

// Turns the hue by `shift` in [-0.5, 0.5] of the colour circle.
SSLBENCH_HOST_DEVICE Rgb hue_shifted(Rgb p, float shift) {
  const float value = larger(larger(p.r, p.g), p.b);
  const float chroma = value - smaller(smaller(p.r, p.g), p.b);
  const float inverse = 1.f / (chroma > 0.f ? chroma : 1.f);
  const float if_red = (p.g - p.b) * inverse;
  const float if_green = 2.f + (p.b - p.r) * inverse;
  const float if_blue = 4.f + (p.r - p.g) * inverse;
  float six_h = p.g == value ? if_green : if_blue;
  six_h = p.r == value ? if_red : six_h;
  six_h += 6.f * shift;  // in [-4, 8)
  six_h = six_h < 0.f ? six_h + 6.f : six_h;
  six_h = six_h >= 6.f ? six_h - 6.f : six_h;
  return {hue_channel(5.f, six_h, value, chroma), hue_channel(3.f, six_h, value, chroma),
          hue_channel(1.f, six_h, value, chroma)};
}

}  // namespace sslbench
