// SPDX-License-Identifier: Apache-2.0
// Losses of the detector, with torchvision.ops' arithmetic. Arguments are promoted to float32 at least, targets to the
// type of what is compared with them.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Sum of CE * (1 - p_t)^gamma * alpha_t over all elements; alpha < 0: no balancing. Lin et al., arXiv:1708.02002,
// Eq. 5.
at::Tensor sigmoid_focal_loss(const at::Tensor& logits, const at::Tensor& targets, double alpha, double gamma);

// Per box 1 - GIoU of [N, 4] corner boxes (x0, y0, x1, y1); eps 1e-7. Rezatofighi et al., arXiv:1902.09630.
at::Tensor giou_loss(const at::Tensor& boxes_N4, const at::Tensor& targets_N4);

// Sum over points of the binary cross-entropy of a centre-ness logit. FCOS, arXiv:1904.01355, section 3.2.
at::Tensor centerness_loss(const at::Tensor& logits_P, const at::Tensor& targets_P);

}  // namespace sslbench
