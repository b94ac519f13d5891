// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Rows of one method that differ in one size alone, and how what they cost grows with it: cost ~ size^exponent, by
// least squares of the logarithms. Undefined where a cost was measured for fewer than two of them.
struct Growth {
  std::string factor;             // "batch", "image side" or "width"
  std::vector<std::string> rows;  // by size
  std::vector<double> sizes;      // each once
  double seconds_an_image = kUndefined, gigaflop_an_image = kUndefined, tensor_bytes = kUndefined;
};

// Of every method and size that at least two rows differ in, in the order of the rows.
std::vector<Growth> growth_of(const Comparison& comparison);

}  // namespace sslbench
