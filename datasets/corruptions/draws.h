// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "suites/ground/random.h"

namespace sslbench {

std::vector<double> uniform_draws(std::size_t count, RandomStream& random);
// Standard normal, by Box and Muller.
std::vector<double> normal_draws(std::size_t count, RandomStream& random);
// Poisson of the given mean: by counting up to a mean of 30, above it by the transformed rejection of Hörmann (PTRS),
// "The transformed rejection method for generating Poisson random variables", 1993.
double poisson_draw(double mean, RandomStream& random);

}  // namespace sslbench
