// SPDX-License-Identifier: Apache-2.0
// Feature maps cell by cell. Shapes: N images, C channels, H W grid, P = H W cells in row-major order.
#pragma once

#include "methods/parts/mlp_head.h"

namespace sslbench {

// [N, C, H, W] -> [N, P, C].
Tensor cells(const Tensor& map_NCHW);

// The head on every cell, as 1x1 convolutions with batch norm over all cells would: [N, C, H, W] -> [N, C', H, W].
Tensor on_cells(const MlpHead& head, const Tensor& map_NCHW);

// Where the centre of every cell lies in the original image, x then y, as shares of its sides: [N, H, W, 2]. A crop
// (TrainBatch::crops) whose left exceeds its right is flipped, and so are its cells.
Tensor cell_centres(const Tensor& crop_N4, int64_t H, int64_t W);

}  // namespace sslbench
