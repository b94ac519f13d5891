// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/accuracy.h"

#include <span>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/classification.h"
#include "suites/tensors/aten.h"

namespace sslbench {

void add_accuracy(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                  const at::Tensor& train_labels_N, ScoreKind kind) {
  const int64_t N = scores_NC.size(0), C = scores_NC.size(1);
  const at::Tensor scores = scores_NC.to(at::kCPU, at::kDouble).contiguous(),
                   labels = test_labels_N.to(at::kCPU).contiguous();
  if (!scores.isfinite().all().item<bool>()) {
    throw RunFailure(FailureKind::non_finite, record.name + ": class scores of test images are not finite");
  }
  const std::span<const double> values(scores.const_data_ptr<double>(), static_cast<size_t>(N * C));
  const std::span<const int64_t> truth(labels.const_data_ptr<int64_t>(), static_cast<size_t>(N));
  const auto ranks = kind == ScoreKind::votes ? vote_ranks(values, C, truth) : label_ranks(values, C, truth);
  add_measurement(record, "top1", "test", top_k(ranks, 1), "1", "higher", N);
  if (C > 5) add_measurement(record, "top5", "test", top_k(ranks, 5), "1", "higher", N);
  record.replicates["top1"] = bootstrap_mean(top_k_hits(ranks, 1));
  const int64_t commonest = train_labels_N.bincount({}, C).argmax().item<int64_t>();
  add_measurement(record, "constant_top1", "test", labels.eq(commonest).to(at::kDouble).mean().item<double>(), "1",
                  "none", N);
}

}  // namespace sslbench
