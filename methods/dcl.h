// SPDX-License-Identifier: Apache-2.0
// The losses of methods/dcl.cpp (arXiv:2110.06848), which explains them. Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::dcl {

// Eq. 6: mean over images and over both directions; projections are brought to unit length.
at::Tensor dcl(const at::Tensor& z1_ND, const at::Tensor& z2_ND, double tau);

// The same with the first term of Eq. 6 times w_i (section 3.2). detach_weights: w_i is a constant of the step
// (lightly), else it is differentiated, too (raminnakhli's code).
at::Tensor dclw(const at::Tensor& z1_ND, const at::Tensor& z2_ND, double tau, double sigma, bool detach_weights);

}  // namespace sslbench::dcl
