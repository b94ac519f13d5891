// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sslbench {

// Floating-point operations of matrix products, convolutions and attention in every thread of the process while this
// lives: one multiplication and one addition are two. From the shapes that LibTorch's operators are called with, so it
// holds whatever computes them; a gradient of a product is two products, that of attention twice its forward, whether
// or not a fused kernel computes the scores again. Everything else (norms, activations, optimizers, solvers) is not
// counted: of a network it is below a hundredth. One at a time: a second one counts for the first as well.
class MatrixWork {
 public:
  MatrixWork();
  ~MatrixWork();
  MatrixWork(const MatrixWork&) = delete;
  MatrixWork& operator=(const MatrixWork&) = delete;

  double operations() const;

 private:
  uint64_t callback_;
  double before_;
};

}  // namespace sslbench
