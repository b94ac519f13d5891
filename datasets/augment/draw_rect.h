// SPDX-License-Identifier: Apache-2.0
// Samplers of rectangles: where a crop lies, and what is erased.
#pragma once

#include "datasets/augment/resize.h"
#include "suites/ground/random.h"

namespace sslbench {

enum class CropSampler : uint8_t { torchvision, mae, whole };

// Bounds of the share of the area, and of the ratio of the sides (drawn evenly in its logarithm).
struct RectBounds {
  float area_low = 0, area_high = 1, ratio_low = 1, ratio_high = 1;
};

// Inside an image of height x width; ratio = width / height.
//   torchvision: RandomResizedCrop.make_params. Ten tries, sides rounded half to even, then the central crop whose
//   ratio
//                lies within the bounds.
//   mae:         one draw, sides cut to the image (facebookresearch/mae util/crop.py; BYOL's and TensorFlow's).
//   whole:       the whole image; draws nothing.
CropRect draw_crop(CropSampler sampler, const RectBounds& bounds, int height, int width, RandomStream& stream);

// Of the image's own size, anywhere within a border of `pad` pixels around it (torchvision RandomCrop with padding).
CropRect draw_padded_crop(int pad, int height, int width, RandomStream& stream);

// torchvision RandomErasing.make_params: ten tries; ratio = height / width; smaller than the picture in both
// directions. Without success height and width are 0.
CropRect draw_erased(const RectBounds& bounds, int height, int width, RandomStream& stream);

}  // namespace sslbench
