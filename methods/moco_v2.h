// SPDX-License-Identifier: Apache-2.0
// The loss of methods/moco_v2.cpp (arXiv:1911.05722, Eq. 1; facebookresearch/moco moco/builder.py), which explains it.
// Shapes: N images, D projection width, K rows of the queue.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::moco_v2 {

// Eq. 1, mean over the batch; queries and keys are brought to unit length, the queue's rows have it. Keys of other
// images of the batch are no negatives; keys are never differentiated.
at::Tensor info_nce_queue(const at::Tensor& q_ND, const at::Tensor& k_ND, const at::Tensor& queue_KD, double tau);

}  // namespace sslbench::moco_v2
