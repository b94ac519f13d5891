// SPDX-License-Identifier: Apache-2.0
// Rotary position embeddings of patch grids. Su et al., arXiv:2104.09864; in two dimensions as DINOv3
// (facebookresearch/dinov3 dinov3/layers/rope_position_encoding.py; Simeoni et al., arXiv:2508.10104).
// Shapes: L = h w patches in row-major order, d width of a head, N images, T tokens.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace sslbench {

// By what the coordinates of both axes are divided: their own lengths, the shorter, or the longer.
enum class RopeCoordinates { separate, min, max };

struct RopePeriods {
  double base = 100;                             // period j = base^(2 j / (d / 2)), j < d / 4
  std::optional<double> min_period, max_period;  // both: min (max / min)^(j / (d / 4 - 1)) instead
};

// [d / 4], float64. d is a multiple of 4.
at::Tensor rope_periods(int64_t d, const RopePeriods& periods = {});

struct Rope {
  at::Tensor cos, sin;  // [L, d]: angles of h, then of w, and both again
};

// Angle = 2 pi coordinate / period, coordinate = 2 (i + 0.5) / n - 1, in the periods' type on their device.
Rope rope_2d(const at::Tensor& periods, int64_t h, int64_t w, RopeCoordinates coordinates = RopeCoordinates::separate);

// The same with cos 1 and sin 0 for `prefix` tokens before the patches: [prefix + L, d].
Rope with_prefix(const Rope& rope, int64_t prefix);

// x cos + [-x2, x1] sin, where x1 and x2 are the halves of a head; computed in float32 at least, then x's type.
at::Tensor rotated(const at::Tensor& x_NHTd, const Rope& rope);

}  // namespace sslbench
