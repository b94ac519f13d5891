// SPDX-License-Identifier: Apache-2.0
// The loss of methods/multitask.cpp, which explains it. Shapes: N images, C edits.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

namespace sslbench::multitask {

// Weighted sum of mean cross entropy and mean squared error, then both alone; the targets (cx, cy, w, h, strength) are
// never differentiated. labels_N: int64.
std::array<at::Tensor, 3> multitask_loss(const at::Tensor& logits_NC, const at::Tensor& labels_N,
                                         const at::Tensor& boxes_N5, const at::Tensor& targets_N5, double class_weight,
                                         double box_weight);

}  // namespace sslbench::multitask
