// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/augment/planes.h"

namespace sslbench {

// Odd number of taps for a view of that side: a tenth of it (SimCLR, appendix A), at least 3.
int blur_taps(int size);

// Separable Gaussian cut to `taps` (odd), weights normalised, border by reflection about the outer pixels' centres
// (torchvision's gaussian_blur). Where the kernel reaches beyond the far side, which torchvision refuses, the
// reflection goes on; a side of one pixel is constant.
void gaussian_blur(int taps, float sigma, Planes& planes);

}  // namespace sslbench
