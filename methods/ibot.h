// SPDX-License-Identifier: Apache-2.0
// The patches' loss of methods/ibot.cpp (arXiv:2111.07832, Eq. 3; bytedance/ibot main_ibot.py, iBOTLoss), which
// explains it. Shapes: G global crops, B images, T patches, P outputs of the patches' head, R masked patches.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::ibot {

// Eq. 3 between the same crops, targets being probabilities: for every image the mean over its masked patches (mask_GBT
// true), then over crops and images; an image without a masked patch counts with 0.
at::Tensor patch_loss(const at::Tensor& student_GBTP, const at::Tensor& targets_GBTP, const at::Tensor& mask_GBT,
                      double temperature);

// Sinkhorn's assignments of the masked patches, among those of all ranks (rows, this rank's: int64 [R], their places in
// [G B T]), zeros elsewhere; no gradient: facebookresearch/dinov2 dinov2/train/ssl_meta_arch.py.
at::Tensor balanced_patches(const at::Tensor& teacher_GBTP, const at::Tensor& rows, double temperature,
                            int64_t iterations);

}  // namespace sslbench::ibot
