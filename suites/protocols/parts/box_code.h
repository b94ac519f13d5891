// SPDX-License-Identifier: Apache-2.0
// Boxes as what a detector predicts, relative to anchors, with torchvision's arithmetic. Boxes and anchors: corners
// (x0, y0, x1, y1), [P, 4]; codes [P, 4].
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

namespace sslbench {

// FCOS and other anchor-free heads: distances of the four sides from the anchor's centre (left, top, right, bottom),
// over the anchor's width and height when `by_size`. torchvision's BoxLinearCoder.
at::Tensor encode_ltrb(const at::Tensor& boxes_P4, const at::Tensor& anchors_P4, bool by_size = true);
at::Tensor decode_ltrb(const at::Tensor& codes_P4, const at::Tensor& anchors_P4, bool by_size = true);

// Faster R-CNN and RetinaNet: shift of the centre over the anchor's size and log of the ratio of sizes, times weights.
// Decoding clips the log at `clip`: log(1000 / 16). torchvision's BoxCoder; Girshick et al., arXiv:1311.2524, App. C.
struct DeltaCode {
  std::array<double, 4> weights = {1, 1, 1, 1};
  double clip = 4.135166556742356;
};
at::Tensor encode_deltas(const at::Tensor& boxes_P4, const at::Tensor& anchors_P4, const DeltaCode& code);
at::Tensor decode_deltas(const at::Tensor& codes_P4, const at::Tensor& anchors_P4, const DeltaCode& code);

}  // namespace sslbench
