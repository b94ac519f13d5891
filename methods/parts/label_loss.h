// SPDX-License-Identifier: Apache-2.0
// Learning from labels, given or made up by a pretext task. Shapes: N rows, C classes; labels int64.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// Mean over rows whose label is not `ignored` of -(1 - e) log p_label - e / C sum_c log p_c, e = smoothing.
at::Tensor label_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, double smoothing = 0,
                               int64_t ignored = -100);

// Mean over rows of share * CE(label) + (1 - share) * CE(other label), as above: labels of mixed images.
at::Tensor mixed_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, const at::Tensor& others_N,
                               const at::Tensor& share_N, double smoothing = 0);

// Share of those rows whose largest logit (the lowest class of equal ones) is the label's; without gradient.
at::Tensor label_accuracy(const at::Tensor& logits_NC, const at::Tensor& labels_N, int64_t ignored = -100);

}  // namespace sslbench
