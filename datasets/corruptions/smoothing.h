// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "datasets/corruptions/real_picture.h"

namespace sslbench {

// exp(-i^2 / 2 sigma^2) for i = -radius .. radius, of sum 1.
std::vector<double> gaussian_kernel(double sigma, int radius);

using BorderPlace = int (*)(int place, int size);
// Rows with one kernel, columns with the other; an empty kernel leaves them.
RealPicture convolved(const RealPicture& x, const std::vector<double>& vertical, const std::vector<double>& horizontal,
                      BorderPlace border);
// As skimage.filters.gaussian and scipy.ndimage.gaussian_filter: radius int(truncate * sigma + 0.5).
RealPicture gaussian_smoothed(const RealPicture& x, double sigma_y, double sigma_x, double truncate,
                              BorderPlace border);

// The mean of shifted copies of a picture, with weights exp(-i^2 / 2 sigma^2) for i = 0 .. 2 radius along `angle`
// (degrees); shifts as long as the picture end it (imagecorruptions, _motion_blur).
RealPicture motion_blurred(const RealPicture& x, double radius, double sigma, double angle);

// The middle ceil(H/z) x ceil(W/z) made z times larger by straight lines, corners on corners (scipy.ndimage.zoom, order
// 1).
RealPicture zoomed(const RealPicture& x, double factor);

}  // namespace sslbench
