// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Rows ids_NK of each of N images of x_NLD: [N, K, D]. The ids of one image must differ. Differentiable in x: the
// gradient, too, is gathered, so it is the same on every run of a GPU; that of at::gather adds in any order there, or
// sorts all N K D values first.
// places_NL: of each of the L rows its place among the K, or K where it has none. Who knows it gives it: it is else
// found in the backward pass, by a scatter that a GPU sorts for.
at::Tensor gather_patches(const at::Tensor& x_NLD, const at::Tensor& ids_NK, const at::Tensor& places_NL = {});

}  // namespace sslbench
