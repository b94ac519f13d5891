// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "suites/protocols/protocol.h"

namespace sslbench {

// What scores are: any numbers, or votes, of which a class may have none and is then in no top-k.
enum class ScoreKind : uint8_t { any, votes };

// top1, top5 and mean_per_class.
std::vector<Metric> accuracy_metrics();

// The same, and those of add_accuracy_without_leaks.
std::vector<Metric> all_accuracy_metrics();

// Adds top1, top5 (of 6 or more classes) and mean_per_class of the scores of test images; for another split, too, and
// under names with an `ending`. scores_NC: float32 or float64; labels int64. Returns for every image 1 where top1 is
// right, else 0. RunFailure(non_finite) where a score is not finite.
std::vector<double> add_scores(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& labels_N,
                               ScoreKind kind, Split split, const std::string& ending = "");

// The same of test images with the replicates of top1, and constant_top1: the share of the commonest training class
// among the test labels.
void add_accuracy(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                  const at::Tensor& train_labels_N, ScoreKind kind = ScoreKind::any);

// The same three of the test images that pretraining has not seen, as "top1/without_leaks" and so on; nothing where
// nobody asked (Subject::leaked).
void add_accuracy_without_leaks(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                                const Subject& subject, const DatasetSpec& dataset, ScoreKind kind = ScoreKind::any);

}  // namespace sslbench
