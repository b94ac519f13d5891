// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "suites/tensors/aten.h"

namespace sslbench {

// The value that lies furthest from what is expected, in units of its tolerance.
struct Deviation {
  double ratio = 0;  // error / (atol + rtol |expected|); up to 1 passes; infinite where the tolerance is 0
  double error = 0;
  std::string where;

  void include(const Deviation& other) {
    if (other.ratio > ratio || where.empty()) *this = other;
  }
  // "error 3.1e-09 at grad.z1, 0.07 of its tolerance"
  std::string text() const;
};

// Integers and bools must be equal; a tensor of another shape is infinitely far away, and so is a NaN where none is
// expected.
Deviation deviation(const std::string& name, const at::Tensor& got, const at::Tensor& want, double rtol, double atol);
// Arrays and objects element by element; what is no number must be equal.
Deviation deviation(const std::string& name, const nlohmann::json& got, const nlohmann::json& want, double rtol,
                    double atol);

}  // namespace sslbench
