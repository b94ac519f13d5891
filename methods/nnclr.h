// SPDX-License-Identifier: Apache-2.0
// The loss of methods/nnclr.cpp (arXiv:2104.14548, Eq. 2-4), which explains it.
// Shapes: N images, D projection width, K rows of the queue.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>

namespace sslbench::nnclr {

// cross: Eq. 2; nt_xent: lightly's loss, whose 2N - 1 logits also hold neighbour against neighbour and prediction
// against prediction.
enum class Negatives { cross, nt_xent };

// Eq. 4 on vectors of unit length, without gradient: row of the queue (the lowest of equal ones), int64 [N], and what
// it holds, [N, D].
std::pair<at::Tensor, at::Tensor> nn_lookup(const at::Tensor& z_ND, const at::Tensor& queue_KD);

// Mean of L(nn1, p2) and L(nn2, p1); neighbours are never differentiated.
at::Tensor nnclr_loss(const at::Tensor& nn1_ND, const at::Tensor& nn2_ND, const at::Tensor& p1_ND,
                      const at::Tensor& p2_ND, double tau, Negatives negatives);

}  // namespace sslbench::nnclr
