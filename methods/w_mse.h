// SPDX-License-Identifier: Apache-2.0
// The loss of methods/w_mse.cpp (arXiv:2007.06346, Eq. 1-4; htdt/self-supervised methods/whitening.py), which explains
// it. Shapes: N images, D projection width, I whitening iterations.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench::w_mse {

// The rows order_N (int64) of v_ND, cut into chunks of w_size and whitened in each, Eq. 4; a rest that fills no chunk
// is left out. eps shrinks the covariance towards the identity. A singular covariance gives NaN: waiting for an error
// code would stall the device.
at::Tensor whitened(const at::Tensor& v_ND, const at::Tensor& order_N, int64_t w_size, double eps);

// Mean over the iterations' permutations of the batch and over all pairs of views of dist of whitened projections;
// normalize: 2 - 2 cos, else the mean squared difference.
at::Tensor whitened_mse(const std::vector<at::Tensor>& views_ND, const at::Tensor& permutations_IN, int64_t w_size,
                        double eps, bool normalize);

}  // namespace sslbench::w_mse
