// SPDX-License-Identifier: Apache-2.0
// The loss of methods/mae.cpp (arXiv:2111.06377, section 3; facebookresearch/mae models_mae.py), which explains it.
// Shapes: N images, L patches, K kept, P prefix tokens, T = P + K, D width, V = p p 3 values of a patch of p px.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::mae {

// What is painted, [N, L, V]: pixels, or with norm_pix_loss each patch with mean 0 and (unbiased) variance 1. No
// gradient.
at::Tensor pixel_targets(const at::Tensor& images_NCHW, int64_t patch_size, bool norm_pix_loss);

// Mean over the removed patches of the whole batch (mask 1) of their mean squared error.
at::Tensor masked_mse(const at::Tensor& pred_NLV, const at::Tensor& target_NLV, const at::Tensor& mask_NL);

// [N, P + K, D] -> [N, P + L, D]: mask tokens where patches were removed, in the order of the image. ids_restore_NL:
// int64, the shuffled place of every patch; ids_shuffle_NL: its inverse, where that is known; prefix: P.
at::Tensor unshuffle(const at::Tensor& x_NTD, const at::Tensor& mask_token_D, const at::Tensor& ids_restore_NL,
                     const at::Tensor& ids_shuffle_NL, int64_t prefix);

}  // namespace sslbench::mae
