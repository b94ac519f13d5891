// SPDX-License-Identifier: Apache-2.0
// The puzzle of methods/jigsaw.cpp (arXiv:1603.09246), which explains it. Shapes: N images, C channels, H W size, g
// grid, T = g g tiles, P permutations.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::jigsaw {

// Tiles cut in row-major order, tile i of image n being original tile permutations[choice_n, i]; g divides H and W.
// Gives [N, T, C, H / g, W / g].
at::Tensor jigsaw_tiles(const at::Tensor& x_NCHW, const at::Tensor& permutations_PT, const at::Tensor& choice_N,
                        int64_t g);

}  // namespace sslbench::jigsaw
