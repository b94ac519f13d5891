// SPDX-License-Identifier: Apache-2.0
// Learning from labels, given or made up by a pretext task. Shapes: N rows, C classes; labels int64.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "datasets/batches/train_batch.h"

namespace sslbench {

inline constexpr int64_t kNoLabel = -1;  // of an image of a set that has labels for some

// Mean over rows of the whole batch whose label is not `ignored` of -(1 - e) log p_label - e / C sum_c log p_c, e =
// smoothing.
at::Tensor label_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, double smoothing = 0,
                               int64_t ignored = kNoLabel);

// Mean over rows (of this rank) of share * CE(label) + (1 - share) * CE(other label), as above: labels of mixed images.
// A missing label adds nothing.
at::Tensor mixed_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, const at::Tensor& others_N,
                               const at::Tensor& share_N, double smoothing = 0);

// Of a batch whose images are mixed or not: one of the two above.
at::Tensor batch_cross_entropy(const at::Tensor& logits_NC, const TrainBatch& batch, double smoothing = 0);

// Share of those rows of the whole batch whose largest logit (the lowest class of equal ones) is the label's; without
// gradient.
at::Tensor label_accuracy(const at::Tensor& logits_NC, const at::Tensor& labels_N, int64_t ignored = kNoLabel);

}  // namespace sslbench
