// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/protocols/protocol.h"

namespace sslbench {

// Adds top1 and top5 (of 6 or more classes) of test scores with the replicates of top1, and constant_top1: the share of
// the commonest training class among the test labels. scores_NC: float32 or float64; labels int64, train and test.
void add_accuracy(StageRecord& record, const at::Tensor& scores_NC, const at::Tensor& test_labels_N,
                  const at::Tensor& train_labels_N);

}  // namespace sslbench
