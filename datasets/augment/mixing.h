// SPDX-License-Identifier: Apache-2.0
// Mixing the images of a batch: mixup (Zhang, Cisse, Dauphin, Lopez-Paz, ICLR 2018, arXiv:1710.09412) and CutMix (Yun
// et al., ICCV 2019, arXiv:1905.04899). Shares and rectangles follow torchvision.transforms.v2.MixUp and CutMix; here
// every image draws its own.
#pragma once

#include "datasets/augment/view_recipe.h"

namespace sslbench {

// One value of the mixed image; `share` belongs to the first.
SSLBENCH_HOST_DEVICE float mixed(float own, float other, float share) { return share * own + (1.f - share) * other; }

// What one image of a batch gives up to the next one.
struct MixingChoice {
  float share = 1;                                 // of its own label
  bool pasted = false;                             // rectangle of the other image, else a blend
  float top = 0, left = 0, bottom = 0, right = 0;  // of the rectangle, shares of the view's sides
};

// Pure function of its arguments; `size` is the side of the view that the label counts for.
MixingChoice draw_mixing(const MixingRecipe& recipe, int size, RandomStream stream);

// Beta(alpha, alpha).
double draw_beta(double alpha, RandomStream& stream);

// Mixes `other` into `own`: size * size * 3 floats each, HWC.
void mix_views(const MixingChoice& choice, int size, const float* other, float* own);

}  // namespace sslbench
