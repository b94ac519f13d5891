// SPDX-License-Identifier: Apache-2.0
// Operations on the tones of a channel. Source: torchvision.transforms.v2.functional on float tensors.
#pragma once

#include <math.h>

#include "datasets/augment/colour.h"
#include "datasets/augment/planes.h"

namespace sslbench {

constexpr int kTones = 256;

SSLBENCH_HOST_DEVICE float inverted(float value) { return 1.f - value; }

// The lower end of the value's level, of `levels` (a power of two: 2^bits) in [0, 1].
SSLBENCH_HOST_DEVICE float posterized(float value, float levels) {
  return smaller(larger(floorf(value * levels), 0.f), levels - 1.f) * (1.f / levels);
}

// Stretches [low, high] to [0, 1]; a channel of one value stays.
SSLBENCH_HOST_DEVICE float stretched(float value, float low, float high) {
  return clamp_unit(high > low ? (value - low) / (high - low) : value);
}

// The tone 0..255 that torchvision gives a float value.
SSLBENCH_HOST_DEVICE int tone_of(float value) {
  const int tone = static_cast<int>(clamp_unit(value) * (static_cast<float>(kTones) - 1e-3f));
  return tone < kTones ? tone : kTones - 1;
}

// Turns the counts of tones into the table of PIL's equalize: table[t] = (pixels darker than t + step / 2) / step, step
// = (pixels - pixels of the brightest tone that occurs) / 255. Returns false when step is 0: nothing changes.
SSLBENCH_HOST_DEVICE bool equalizing_table(const int* counts, int pixels, int* table) {
  int brightest = kTones - 1;
  while (brightest > 0 && counts[brightest] == 0) --brightest;
  const int step = (pixels - counts[brightest]) / (kTones - 1);
  if (step == 0) return false;
  int darker = 0;
  for (int tone = 0; tone < kTones; ++tone) {
    const int value = tone == 0 ? 0 : (darker + step / 2) / step;
    table[tone] = value < kTones ? value : kTones - 1;
    darker += counts[tone];
  }
  return true;
}

void apply_invert(Planes& planes);
void apply_posterize(int bits, Planes& planes);
// Channel by channel.
void apply_autocontrast(Planes& planes);
void apply_equalize(Planes& planes);

}  // namespace sslbench
