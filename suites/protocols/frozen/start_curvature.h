// SPDX-License-Identifier: Apache-2.0
// The curvature that a linear classifier's objective has at zero, for L-BFGS to start from: features lie along few
// directions, and steps that know them are a third to a fifth as many. Shapes: N images, D features, E = D + 1, C
// classes.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench {

// Mean of x x^T over images, x with a 1 behind it: [E, E]. Of every n-th image, n = N / (kRowsPerFeature D), which tell
// it well enough; undefined where there are fewer images than features, or more than kMostFeatures of these: a
// factorisation would then cost more than the steps that it saves.
at::Tensor second_moment(const at::Tensor& x_ND);

class StartCurvature {
 public:
  static constexpr int64_t kRowsPerFeature = 4, kMostFeatures = 4096;

  // `each` times the second moment, and `penalty` more on weights (not on biases). An undefined moment stands for 1.
  StartCurvature(const at::Tensor& moment_EE, double each, double penalty);

  // Its inverse times the gradient.
  at::Tensor step(const at::Tensor& gradient_EC) const;
  bool known() const { return factor_EE_.defined(); }

 private:
  at::Tensor factor_EE_;  // Cholesky's, lower
};

}  // namespace sslbench
