// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/label_loss.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {

at::Tensor label_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, double smoothing,
                               int64_t ignored) {
  if (ranks().alone()) return at::cross_entropy_loss(logits_NC, labels_N, {}, at::Reduction::Mean, ignored, smoothing);
  const at::Tensor sum = at::cross_entropy_loss(logits_NC, labels_N, {}, at::Reduction::Sum, ignored, smoothing);
  return ratio_over_batch(sum, labels_N.ne(ignored).sum());
}

at::Tensor mixed_cross_entropy(const at::Tensor& logits_NC, const at::Tensor& labels_N, const at::Tensor& others_N,
                               const at::Tensor& share_N, double smoothing) {
  const auto rows = [&](const at::Tensor& targets_N) {
    return at::cross_entropy_loss(logits_NC, targets_N, {}, at::Reduction::None, kNoLabel, smoothing);
  };
  return (share_N * rows(labels_N) + (1 - share_N) * rows(others_N)).mean();
}

at::Tensor batch_cross_entropy(const at::Tensor& logits_NC, const TrainBatch& batch, double smoothing) {
  if (!batch.own_share_N.defined()) return label_cross_entropy(logits_NC, batch.labels_N, smoothing);
  return mixed_cross_entropy(logits_NC, batch.labels_N, batch.other_labels_N, batch.own_share_N, smoothing);
}

at::Tensor label_accuracy(const at::Tensor& logits_NC, const at::Tensor& labels_N, int64_t ignored) {
  const at::NoGradGuard no_grad;
  const at::Tensor counts_N = labels_N.ne(ignored);
  const at::Tensor right_N = logits_NC.argmax(1).eq(labels_N).logical_and(counts_N);
  return ratio_over_batch(right_N.sum().to(logits_NC.scalar_type()), counts_N.sum(), 1);
}

}  // namespace sslbench
