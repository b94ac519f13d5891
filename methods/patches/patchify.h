// SPDX-License-Identifier: Apache-2.0
// Images as rows of patches and back. Shapes: N images, C channels, L = h w patches in row-major order, p patch side.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// Order of the values inside a patch, slowest first: pqc has the channel fastest (MAE's models_mae.py), cpq slowest
// (pixel shuffle, convolution weights; SimMIM's decoder).
enum class PatchOrder { pqc, cpq };

// [N, C, H, W] -> [N, L, p p C]; p must divide H and W.
at::Tensor patchify(const at::Tensor& images_NCHW, int64_t patch_size, PatchOrder order = PatchOrder::pqc);

// The inverse: [N, grid_h grid_w, p p C] -> [N, C, grid_h p, grid_w p].
at::Tensor unpatchify(const at::Tensor& patches_NLV, int64_t patch_size, int64_t grid_h, int64_t grid_w,
                      PatchOrder order = PatchOrder::pqc);

}  // namespace sslbench
