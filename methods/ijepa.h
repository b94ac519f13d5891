// SPDX-License-Identifier: Apache-2.0
// The loss of methods/ijepa.cpp (arXiv:2301.08243, section 3; facebookresearch/ijepa src/train.py), which explains it.
// Shapes: B images, N patches, D width, M predicted blocks, K patches of a block, R = M contexts B rows: block-major,
// then context, then image.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::ijepa {

// Features of the whole image, layer-normed, at every predicted block (masks_MBK: int64 patches); each once per
// context: [R, K, D]. No gradient.
at::Tensor targets(const at::Tensor& features_BND, const at::Tensor& masks_MBK, int64_t contexts);

// Smooth L1 (beta 1), mean over all elements; targets are never differentiated.
at::Tensor regression(const at::Tensor& pred_RKD, const at::Tensor& targets_RKD);

}  // namespace sslbench::ijepa
