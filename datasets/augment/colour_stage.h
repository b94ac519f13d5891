// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "datasets/augment/planes.h"

namespace sslbench {

// The colour operations of one view: jitter in the drawn order, then grayscale. A factor of 1 (hue: 0) is no operation.
struct ColourChoice {
  std::array<uint8_t, 4> order{0, 1, 2, 3};  // 0 brightness, 1 contrast, 2 saturation, 3 hue
  float brightness = 1, contrast = 1, saturation = 1, hue = 0;
  bool gray = false;
};

// Applies them to values in [0, 1] in place, fused per pixel; only contrast needs the mean of what precedes it.
void apply_colour(const ColourChoice& choice, Planes& planes);

// Inverts every value at or above `threshold`.
void apply_solarize(float threshold, Planes& planes);

// Mean gray level over all pixels.
float mean_gray_level(const Planes& planes);

}  // namespace sslbench
