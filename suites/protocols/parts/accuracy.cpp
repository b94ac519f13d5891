// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/accuracy.h"

#include <cmath>
#include <span>
#include <string>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/classification.h"
#include "suites/protocols/parts/without_leaks.h"
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

std::vector<Metric> all_accuracy_metrics() { return joined(accuracy_metrics(), without_leaks(accuracy_metrics())); }

std::vector<double> add_scores(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& labels_N,
                               ScoreKind kind, Split split, const std::string& ending) {
  const int64_t N = scores_NC.size(0), C = scores_NC.size(1);
  const at::Tensor scores = scores_NC.to(at::kCPU, at::kDouble).contiguous(),
                   labels = labels_N.to(at::kCPU).contiguous();
  if (!scores.isfinite().all().item<bool>()) {
    throw RunFailure(FailureKind::non_finite, record.name + ": class scores of test images are not finite");
  }
  const std::span<const double> values(scores.const_data_ptr<double>(), static_cast<size_t>(N * C));
  const std::span<const int64_t> truth(labels.const_data_ptr<int64_t>(), static_cast<size_t>(N));
  const auto ranks = kind == ScoreKind::votes ? vote_ranks(values, C, truth) : label_ranks(values, C, truth);
  record.add("top1" + ending, split, top_k(ranks, 1), N);
  if (C > 5) record.add("top5" + ending, split, top_k(ranks, 5), N);
  record.add("mean_per_class" + ending, split, mean_per_class(predictions(values, C), truth), N);
  return top_k_hits(ranks, 1);
}

void add_accuracy(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                  const at::Tensor& train_labels_N, ScoreKind kind) {
  record.replicates["top1"] = bootstrap_mean(add_scores(record, scores_NC, test_labels_N, kind, Split::test));
  const int64_t commonest = train_labels_N.bincount({}, scores_NC.size(1)).argmax().item<int64_t>();
  const at::Tensor as_commonest = test_labels_N.to(at::kCPU).eq(commonest).to(at::kDouble);
  record.add_constant("top1", as_commonest.mean().item<double>(), scores_NC.size(0));
}

void add_accuracy_without_leaks(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                                const Subject& subject, const DatasetSpec& dataset, ScoreKind kind) {
  const auto kept = images_without_leaks(subject, dataset, scores_NC.size(0));
  if (!kept) return;
  if (kept->empty()) {
    for (const Metric& metric : without_leaks(accuracy_metrics())) record.add(metric.name, Split::test, NAN, 0);
    return;
  }
  const at::Tensor kept_M = at::tensor(*kept);
  add_scores(record, scores_NC.to(at::kCPU).index_select(0, kept_M), test_labels_N.to(at::kCPU).index_select(0, kept_M),
             kind, Split::test, kWithoutLeaks);
}

}  // namespace sslbench
