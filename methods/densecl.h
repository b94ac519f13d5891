// SPDX-License-Identifier: Apache-2.0
// The loss of methods/densecl.cpp, which explains it. Shapes: N images, C projection, E backbone channels, S cells of
// the grid, K rows of a queue.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::densecl {

// What one network makes of one view.
struct View {
  at::Tensor global_NC, grid_NCS, backbone_NES;
};

struct DenseContrast {
  at::Tensor total, global, dense;  // weighted
  at::Tensor match_NS;              // int64: the key's cell of every query cell
};

// Eq. 4, without gradient; the lowest of equal cells.
at::Tensor match_cells(const at::Tensor& q_backbone_NES, const at::Tensor& k_backbone_NES);

// Eq. 1-3. Gradients reach q.global_NC and q.grid_NCS only. Rows of both queues have unit length.
DenseContrast contrast(const View& q, const View& k, const at::Tensor& queue_KC, const at::Tensor& dense_queue_KC,
                       double tau, double lambda);

}  // namespace sslbench::densecl
