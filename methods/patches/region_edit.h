// SPDX-License-Identifier: Apache-2.0
// Edits inside a random box of an image: the pretext labels of `multitask`. Shapes: N images, C channels, H W.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

// Which edits there are to tell apart:
//   ten    invert, gray, blur, noise, rotate channels, darken, lighten, mirror, pixelate, solarize - in this order
//   turns  the box, which is square then, turned by 90, 180 or 270 degrees (arXiv:1803.07728, of a part of the image):
//          no statistic of its colours tells
enum class RegionEdits { ten, turns };
int64_t count_of(RegionEdits edits);

struct RegionEditing {
  RegionEdits edits = RegionEdits::ten;
  bool blended = false;  // the edit fades in over a quarter of the box from each of its sides, without a seam
};

struct EditedBatch {
  at::Tensor images;       // as given, edited
  at::Tensor edits_N;      // int64 in [0, count_of(edits))
  at::Tensor boxes_N5;     // centre x, centre y, width, height (shares of the image), strength in [0.4, 1]
  at::Tensor shares_N1HW;  // float32: how much of every pixel is of the edit, its strength apart; 0 outside the box
};

// Edits one box in every image of x_NCHW (on the CPU, where batches are prepared: image by image, up to forty small
// operations each; normalised floats, so that 0 is the mean). What is done to sample s in epoch e is a pure function of
// (seed, e, s).
EditedBatch edit_regions(const at::Tensor& x_NCHW, const std::vector<int64_t>& samples, int64_t epoch, uint64_t seed,
                         const RegionEditing& editing = {});

}  // namespace sslbench
