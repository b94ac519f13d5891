// SPDX-License-Identifier: Apache-2.0
// What a linear classifier's fit lowers, and its gradient: in float64, or in float32 while the gradient is far above
// what rounding leaves of it, several times faster. Shapes: N images, D features, E = D + 1, C classes.
#pragma once

#include <ATen/core/Tensor.h>

#include "suites/protocols/frozen/linear_fit.h"

namespace sslbench {

// Of steps far from the minimum; the last ones, and what is returned, are exact.
enum class Rounding : uint8_t { float32, float64 };

// Of the objective over C N. All in float64, whatever it was found in.
struct ObjectivePoint {
  at::Tensor theta_CE, gradient_CE;
  double value = 0;

  double steepest() const;  // largest entry of the gradient; not finite where one is not
};

class LinearObjective {
 public:
  explicit LinearObjective(const LinearTask& task);

  ObjectivePoint at(const at::Tensor& theta_CE, double c, Rounding rounding) const;
  // The largest entry of a gradient that float32 tells no more than the size of.
  double least_told() const { return least_told_; }
  at::Tensor zero() const;  // theta [C, E]
  int64_t images() const { return exact_.x_ND.size(0); }
  // Mean of x x^T (second_moment), and what curvature the scores have at zero.
  const at::Tensor& moment() const { return moment_EE_; }
  double curvature_of_scores() const;

 private:
  // Class by class, as products with few classes are fastest: twice as fast as image by image.
  struct Data {
    at::Tensor x_ND, target_CN, known_CN;
  };
  const Data& data(Rounding rounding) const { return rounding == Rounding::float32 ? quick_ : exact_; }

  LinearLoss loss_;
  Data exact_, quick_;
  at::Tensor moment_EE_;
  double least_told_;
};

}  // namespace sslbench
