// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/accuracy.h"

#include <span>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/classification.h"
#include "suites/tensors/aten.h"

namespace sslbench {

std::vector<Metric> accuracy_metrics() {
  return {
      {.name = "top1",
       .kind = MetricKind::share,
       .definition = "share of test images whose class has the highest score (ties: the lower class wins)",
       .constant_answer = "the commonest training class"},
      {.name = "top5",
       .kind = MetricKind::share,
       .definition = "share of test images whose class is among the five highest scores (ties: the lower class wins)",
       .headline = false},
      {.name = "mean_per_class",
       .kind = MetricKind::score,
       .definition =
           "top1 of each class of the test images, averaged over those classes; what is published of sets whose "
           "classes differ in size (Flowers-102, Oxford-IIIT Pets, FGVC-Aircraft, Caltech-101)",
       .headline = false}};
}

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
  record.add("top1", Split::test, top_k(ranks, 1), N);
  if (C > 5) record.add("top5", Split::test, top_k(ranks, 5), N);
  record.add("mean_per_class", Split::test, mean_per_class(predictions(values, C), truth), N);
  record.replicates["top1"] = bootstrap_mean(top_k_hits(ranks, 1));
  const int64_t commonest = train_labels_N.bincount({}, C).argmax().item<int64_t>();
  record.add_constant("top1", labels.eq(commonest).to(at::kDouble).mean().item<double>(), N);
}

}  // namespace sslbench
