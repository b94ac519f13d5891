// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/rand_augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/augment/affine.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/sharpness.h"
#include "datasets/augment/tone.h"

namespace sslbench {
namespace {

bool has_sign(RandAugmentOp op) { return op >= RandAugmentOp::shear_x && op <= RandAugmentOp::sharpness; }

// Pixels of a translation by that share of a side, cut towards zero.
float whole_pixels(float share, int side) { return std::trunc(share * static_cast<float>(side)); }

void apply_step(const RandAugmentStep& step, Planes& planes) {
  const float value = step.value, angle = value * std::numbers::pi_v<float> / 180;
  ColourChoice colour;
  switch (step.op) {
    case RandAugmentOp::identity: return;
    case RandAugmentOp::shear_x: return apply_affine(shear_map(value, 0), planes);
    case RandAugmentOp::shear_y: return apply_affine(shear_map(0, value), planes);
    case RandAugmentOp::translate_x:
      return apply_affine(translation_map(whole_pixels(value, planes.width()), 0), planes);
    case RandAugmentOp::translate_y:
      return apply_affine(translation_map(0, whole_pixels(value, planes.height())), planes);
    case RandAugmentOp::rotate:
      return apply_affine(rotation_map(std::cos(angle), std::sin(angle), planes.height(), planes.width()), planes);
    case RandAugmentOp::brightness: colour.brightness = 1 + value; break;
    case RandAugmentOp::colour: colour.saturation = 1 + value; break;
    case RandAugmentOp::contrast: colour.contrast = 1 + value; break;
    case RandAugmentOp::sharpness: return apply_sharpness(1 + value, planes);
    case RandAugmentOp::posterize: return apply_posterize(static_cast<int>(value), planes);
    case RandAugmentOp::solarize: return apply_solarize(value, planes);
    case RandAugmentOp::autocontrast: return apply_autocontrast(planes);
    case RandAugmentOp::equalize: return apply_equalize(planes);
  }
  apply_colour(colour, planes);
  planes.clear_padding();
}

}  // namespace

float rand_augment_value(RandAugmentOp op, int magnitude) {
  const float share = static_cast<float>(magnitude) / kLargestMagnitude;
  switch (op) {
    case RandAugmentOp::shear_x:
    case RandAugmentOp::shear_y: return 0.3f * share;
    case RandAugmentOp::translate_x:
    case RandAugmentOp::translate_y: return 150.f / 331 * share;
    case RandAugmentOp::rotate: return 30 * share;
    case RandAugmentOp::brightness:
    case RandAugmentOp::colour:
    case RandAugmentOp::contrast:
    case RandAugmentOp::sharpness: return 0.9f * share;
    case RandAugmentOp::posterize: return std::nearbyint(8 - 4 * share);
    case RandAugmentOp::solarize: return 1 - share;
    case RandAugmentOp::identity:
    case RandAugmentOp::autocontrast:
    case RandAugmentOp::equalize: break;
  }
  return 0;
}

RandAugmentSteps draw_rand_augment(int operations, int magnitude, RandomStream& stream) {
  RandAugmentSteps out;
  out.size = std::min(operations, kMostRandAugmentSteps);
  for (int i = 0; i < out.size; ++i) {
    RandAugmentStep& step = out.steps[static_cast<size_t>(i)];
    step.op = static_cast<RandAugmentOp>(stream.below(kRandAugmentOps));
    step.value = rand_augment_value(step.op, magnitude);
    if (has_sign(step.op) && stream.below(2) == 1) step.value = -step.value;
  }
  return out;
}

void apply_rand_augment(const RandAugmentSteps& steps, Planes& planes) {
  for (int i = 0; i < steps.size; ++i) apply_step(steps.steps[static_cast<size_t>(i)], planes);
}

}  // namespace sslbench
