// SPDX-License-Identifier: Apache-2.0
// The loss of methods/vicreg.cpp (arXiv:2105.04906, Eq. 6; facebookresearch/vicreg main_vicreg.py), which explains it.
// Shapes: N images, D projection width.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::vicreg {

// lambda, mu and nu of Eq. 6.
struct Weights {
  double invariance, variance, covariance;
  double eps;           // under the root of Eq. 1
  bool halve_variance;  // the authors' code and lightly; the paper and solo-learn do not
};

struct Terms {
  at::Tensor loss, invariance, variance, covariance;  // the last three unweighted
};

// Eq. 6 with its three terms; gradients reach both views.
Terms vicreg_loss(const at::Tensor& z1_ND, const at::Tensor& z2_ND, const Weights& weights);

}  // namespace sslbench::vicreg
