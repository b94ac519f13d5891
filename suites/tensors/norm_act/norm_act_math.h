// SPDX-License-Identifier: Apache-2.0
// Arithmetic of one value, for the CPU's loops and for CUDA kernels: y = act(weight (x - mean) / std + bias [+ e]).
#pragma once

#include <cmath>

#include "suites/ground/random.h"

namespace sslbench {

// a b + c: one rounding on a GPU; two on a CPU, so that one with fused multiply-add gives the bits of one without.
SSLBENCH_HOST_DEVICE float multiply_add(float a, float b, float c) {
#if defined(__CUDA_ARCH__)
  return fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

// Mean of `count` values and the sum of their squared deviations from it.
struct Moments {
  float count, mean, m2;
};

// From the sums of (x - shift) and of its square: with a shift near the values nothing cancels.
SSLBENCH_HOST_DEVICE Moments moments_from_shifted(float count, float shift, float sum, float squares) {
  const float beyond = count > 0 ? sum / count : 0;
  return {count, shift + beyond, squares - sum * beyond};
}

// T. F. Chan, G. H. Golub, R. J. LeVeque: "Updating formulae and a pairwise algorithm for computing sample variances",
// 1979.
SSLBENCH_HOST_DEVICE Moments joined(const Moments& a, const Moments& b) {
  const float count = a.count + b.count, gap = b.mean - a.mean, share = count > 0 ? b.count / count : 0;
  return {count, a.mean + gap * share, a.m2 + b.m2 + gap * gap * a.count * share};
}

// What a channel's values go through: scale x + shift. In ATen's form, so that values within a rounding of ReLU's edge
// fall on the side where ATen has them.
struct Affine {
  float mean, scale, shift;
};

SSLBENCH_HOST_DEVICE Affine affine_of(float mean, float inverse_std, float weight, float bias) {
  const float scale = weight * inverse_std;
  return {mean, scale, bias - mean * scale};
}

// The value before ReLU and without residual. One expression for both passes: the mask of the backward pass is that of
// the forward pass.
SSLBENCH_HOST_DEVICE float normalised(float x, const Affine& a) { return multiply_add(x, a.scale, a.shift); }

// ReLU as torch has it: NaN stays NaN, which fmax would turn into 0.
SSLBENCH_HOST_DEVICE float rectified(float y) { return y <= 0 ? 0 : y; }
// Its gradient: `g` where the value (before or after ReLU) is above 0, or NaN.
SSLBENCH_HOST_DEVICE float gradient_of_rectified(float y, float g) { return y <= 0 ? 0 : g; }

// dx = own g + through_x (x - mean) + constant
struct InputGradient {
  float own, through_x, constant;
};

// sum_g: of g over the channel's `count` values; sum_gx: of g (x - mean).
SSLBENCH_HOST_DEVICE InputGradient input_gradient_of(float scale, float inverse_std, float sum_g, float sum_gx,
                                                     float count) {
  return {scale, -scale * inverse_std * inverse_std * (sum_gx / count), -scale * (sum_g / count)};
}

SSLBENCH_HOST_DEVICE float input_gradient(float g, float x, float mean, const InputGradient& k) {
  return multiply_add(k.own, g, multiply_add(k.through_x, x - mean, k.constant));
}

// A running statistic after a batch whose own is `found`, in the order in which ATen has it.
SSLBENCH_HOST_DEVICE float moved(float running, float found, float momentum) {
  return momentum * found + (1 - momentum) * running;
}

}  // namespace sslbench
