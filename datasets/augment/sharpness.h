// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/augment/colour.h"
#include "datasets/augment/planes.h"

namespace sslbench {

// factor * value + (1 - factor) * smoothed, clamped; `smoothed` weighs the pixel by 5/13 and its eight neighbours by
// 1/13 (PIL's SMOOTH). Rows point at the pixel in the rows above, at and below it.
SSLBENCH_HOST_DEVICE float sharpened(const float* above, const float* at, const float* below, float factor) {
  const float ring = above[-1] + above[0] + above[1] + at[-1] + at[1] + below[-1] + below[0] + below[1];
  const float smoothed = (ring + 5.f * at[0]) * (1.f / 13);
  return clamp_unit(factor * at[0] + (1.f - factor) * smoothed);
}

// Source: torchvision's adjust_sharpness. Pixels of the border stay; so does a picture without an interior.
void apply_sharpness(float factor, Planes& planes);

}  // namespace sslbench
