// SPDX-License-Identifier: Apache-2.0
// Predictions against labels class by class, where classes are of unequal size.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sslbench {

// NaN where undefined: without any item, and as each says.
struct ClassAgreement {
  std::vector<double> per_class;  // share of a class's items that are predicted as it; NaN: it has none
  double mean_per_class = 0;      // over the classes that have one
  double accuracy = 0;
  // Mean over the classes that occur in labels or predictions of 2 TP / (labels + predictions).
  double macro_f1 = 0;
  // (accuracy - chance) / (1 - chance), chance from both margins; NaN where that is 1 (Cohen, 1960).
  double kappa = 0;
};

// InternalError when sizes differ or a number is outside 0 .. classes-1.
ClassAgreement class_agreement(std::span<const int64_t> labels, std::span<const int64_t> predictions, int64_t classes);

}  // namespace sslbench
