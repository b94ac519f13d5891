// SPDX-License-Identifier: Apache-2.0
// The losses of methods/lejepa.cpp (arXiv:2511.08544; rbalestr-lab/lejepa MINIMAL.md), which explains them. Shapes: V
// views, global ones first, N images, D projection width, M directions.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::lejepa {

// Mean over views and directions (columns, brought to unit length; no gradient) of the weighted distance between the
// empirical characteristic function and the standard normal's. The integral over [-t_max, t_max] is a trapezoid rule
// on the `knots` points of [0, t_max], doubled by symmetry.
at::Tensor sigreg(const at::Tensor& proj_VND, const at::Tensor& directions_DM, int64_t knots, double t_max);

// Mean squared distance of all views from the image's centre, the mean over its first `centre_views` views. The centre
// is differentiated, too.
at::Tensor invariance(const at::Tensor& proj_VND, int64_t centre_views);

// Normal numbers [D, M] of one step, by Box and Muller.
at::Tensor directions(uint64_t seed, int64_t step, int64_t D, int64_t M);

}  // namespace sslbench::lejepa
