// SPDX-License-Identifier: Apache-2.0
// The damage of methods/denoising_autoencoder.cpp (doi:10.1145/1390156.1390294; Vincent et al., JMLR 11, 2010,
// sec. 3.3), which explains it: q(x~ | x), from uniform numbers in [0, 1) of the same shape.
// Shapes: N images, C channels, H W; values are normalised, so 0 is the mean colour of the set.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::denoising_autoencoder {

// Sets a share `level` of the values to 0.
at::Tensor masked(const at::Tensor& x_NCHW, const at::Tensor& uniform_NCHW, double level);

// Salt and pepper: sets a share `level` of the values to the image's own least or largest value, half to each.
at::Tensor salted(const at::Tensor& x_NCHW, const at::Tensor& uniform_NCHW, double level);

}  // namespace sslbench::denoising_autoencoder
