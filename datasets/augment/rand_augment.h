// SPDX-License-Identifier: Apache-2.0
// RandAugment: a few operations, evenly drawn, all at one magnitude.
// Cubuk, Zoph, Shlens, Le: "RandAugment: Practical automated data augmentation with a reduced search space", NeurIPS
// 2020, arXiv:1909.13719. Operations, their ranges and 31 magnitudes follow torchvision.transforms.v2.RandAugment.
#pragma once

#include <array>
#include <cstdint>

#include "datasets/augment/planes.h"
#include "suites/ground/random.h"

namespace sslbench {

inline constexpr int kLargestMagnitude = 30;
inline constexpr int kMostRandAugmentSteps = 8;

enum class RandAugmentOp : uint8_t {
  identity,
  shear_x,
  shear_y,
  translate_x,
  translate_y,
  rotate,
  brightness,
  colour,
  contrast,
  sharpness,
  posterize,
  solarize,
  autocontrast,
  equalize
};
inline constexpr uint32_t kRandAugmentOps = 14;

// The value of an operation at magnitude m of 30, before its sign: shear as a tangent, translation as a share of the
// side, degrees, the distance of a factor from 1, bits, a threshold; 0 where the operation has none.
float rand_augment_value(RandAugmentOp op, int magnitude);

struct RandAugmentStep {
  RandAugmentOp op = RandAugmentOp::identity;
  float value = 0;  // with its sign
};

struct RandAugmentSteps {
  std::array<RandAugmentStep, kMostRandAugmentSteps> steps{};
  int size = 0;
};

RandAugmentSteps draw_rand_augment(int operations, int magnitude, RandomStream& stream);

void apply_rand_augment(const RandAugmentSteps& steps, Planes& planes);

}  // namespace sslbench
