// SPDX-License-Identifier: Apache-2.0
// What a segmenter is trained by. Shapes: N images, K classes; labels int64 [N, H, W], 255 = ignored.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Class scores enlarged bilinearly (align_corners off, no antialiasing), float32 at least.
at::Tensor resize_scores(const at::Tensor& scores_NKhw, int64_t height, int64_t width);

// Weighted mean of the cross-entropy over valid pixels of the whole batch: sum(w_y CE) / sum(w_y); 0 with gradient 0
// when there is none.
at::Tensor semantic_cross_entropy(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW,
                                  const at::Tensor& weights_K);

// The sum above the line, by rows of pixels, as on a GPU: LibTorch's kernel for maps adds in any order there. On a CPU
// it is four times as slow as that for maps.
at::Tensor cross_entropy_of_rows(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW,
                                 const at::Tensor& weights_K);

// 1 - mean over classes of (2 sum p y + smooth) / (sum p + sum y + smooth), p = softmax, y one-hot, sums over the valid
// pixels of the whole batch. Milletari et al., 3DV 2016, arXiv:1606.04797, with p in place of p^2.
at::Tensor dice_loss(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW, double smooth = 1);

}  // namespace sslbench
