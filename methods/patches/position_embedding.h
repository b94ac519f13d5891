// SPDX-License-Identifier: Apache-2.0
// Position embeddings of patch grids: fixed sines and cosines, and learned ones brought to another grid.
// Shapes: P prefix tokens (class token, registers), L = h w patches, D width.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// How the rows follow each other. mae (facebookresearch/mae util/pos_embed.py): row-major, a = column, b = row.
// moco_v3 (facebookresearch/moco-v3 vits.py): a in 0..w-1 slowest, b in 0..h-1; the transpose on a square grid.
enum class SincosOrder { mae, moco_v3 };

// [h w, D], or [1 + h w, D] with a first row of zeros for the class token; float32. D is a multiple of 4; with
// w_i = 10000^(-i / (D / 4)) a row holds sin(a w), cos(a w), sin(b w), cos(b w). Vaswani et al., section 3.5, in two
// dimensions.
at::Tensor sincos_pos_embed(int64_t dim, int64_t grid_h, int64_t grid_w, bool class_token,
                            SincosOrder order = SincosOrder::mae);

// Bicubic resizing of a grid, as four repositories do it.
struct GridResize {
  bool antialias = true;
  // 0: the scale follows from the sizes. Else the sampling step is old / (new + offset).
  double offset = 0;

  static GridResize timm() { return {true, 0}; }     // timm.layers.resample_abs_pos_embed
  static GridResize mae() { return {false, 0}; }     // util/pos_embed.py
  static GridResize dino() { return {false, 0.1}; }  // vision_transformer.py interpolate_pos_encoding
  static GridResize dinov2(double offset, bool antialias) { return {antialias, offset}; }
};

// [1, P + old_h old_w, D] -> [1, P + new_h new_w, D]; the first P rows are kept. The arithmetic
// is float32 whatever the type, as in the references. Differentiable.
at::Tensor pos_embed_resize(const at::Tensor& pos_embed_1TD, int64_t prefix, int64_t old_h, int64_t old_w,
                            int64_t new_h, int64_t new_w, const GridResize& how);

}  // namespace sslbench
