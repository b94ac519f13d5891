// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace sslbench {

// Means and deviations per channel for (x/255 - mean) / deviation.
struct Normalisation {
  std::array<float, 3> mean{}, deviation{1, 1, 1};
};

}  // namespace sslbench
