// SPDX-License-Identifier: Apache-2.0
// The loss of methods/simmim.cpp (arXiv:2111.09886, Eq. 1; microsoft/SimMIM models/simmim.py), which explains it.
// Shapes: N images, C channels, H W size, h w grid of patches.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::simmim {

// Eq. 1: the mean absolute error over the values of masked patches (mask 1) of the whole batch, sides in px; the image
// is not differentiated.
at::Tensor masked_l1(const at::Tensor& images_NCHW, const at::Tensor& painted_NCHW, const at::Tensor& mask_Nhw,
                     int64_t patch_size);

}  // namespace sslbench::simmim
