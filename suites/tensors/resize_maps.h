// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace sslbench {

enum class MapResize { bilinear, bicubic, bicubic_antialiased };

// Rows and columns of the result for each of the map, where they do not follow from the sizes.
struct MapScale {
  std::optional<double> height, width;
};

// [N, C, h, w] -> [N, C, height, width] as LibTorch's upsample functions without align_corners. On a GPU by products
// with the matrices of the two directions: the gradients of LibTorch's own kernels add in any order there.
at::Tensor resize_maps(const at::Tensor& x_NChw, int64_t height, int64_t width, MapResize how,
                       const MapScale& scale = {});

// The way of a GPU, on any device: float32 at least within.
at::Tensor resize_by_products(const at::Tensor& x_NChw, int64_t height, int64_t width, MapResize how,
                              const MapScale& scale = {});

}  // namespace sslbench
