// SPDX-License-Identifier: Apache-2.0
// The loss of methods/swav.cpp, which explains it. Shapes: V crops, G of them assigned, B images, K prototypes, Q rows
// of the queue.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::swav {

struct Assigning {
  int64_t views = 2;         // G
  double temperature = 0.1;  // tau of Eq. 2
  double epsilon = 0.05;     // of Eq. 3
  int64_t iterations = 3;    // of Sinkhorn-Knopp
};

struct SwappedLoss {
  at::Tensor loss, assignments_GBK;
};

// Cross entropy between the assignment of every assigned crop and the prediction of every other crop. Gradients reach
// scores_VBK through the predictions only. queue_scores_GQK: scores of earlier features, which share the equipartition
// of the whole batch and are then dropped; undefined: none.
SwappedLoss swapped_prediction(const at::Tensor& scores_VBK, const at::Tensor& queue_scores_GQK,
                               const Assigning& assigning);

}  // namespace sslbench::swav
