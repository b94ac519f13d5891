// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace sslbench {

// A cloud of side `size` (a power of two) in [0, 1] by diamond and square, as the published corruptions make fog.
// `uniform` holds size * size - 1 numbers of [0, 1) in the order in which they are used.
std::vector<double> plasma_fractal(int size, double decay, const std::vector<double>& uniform);

}  // namespace sslbench
