// SPDX-License-Identifier: Apache-2.0
#include "datasets/corruptions/draws.h"

#include <cmath>
#include <numbers>

namespace sslbench {
namespace {

// In (0, 1), with 32 bits.
double open_uniform(RandomStream& random) { return (random.bits() + 0.5) / 4294967296.0; }

double counted_poisson(double mean, RandomStream& random) {
  const double limit = std::exp(-mean);
  double product = open_uniform(random), count = 0;
  for (; product > limit; ++count) product *= open_uniform(random);
  return count;
}

}  // namespace

std::vector<double> uniform_draws(size_t count, RandomStream& random) {
  std::vector<double> out(count);
  for (double& value : out) value = random.uniform();
  return out;
}

std::vector<double> normal_draws(size_t count, RandomStream& random) {
  std::vector<double> out(count);
  for (size_t i = 0; i < count; i += 2) {
    const double radius = std::sqrt(-2 * std::log(open_uniform(random)));
    const double turn = 2 * std::numbers::pi * open_uniform(random);
    out[i] = radius * std::cos(turn);
    if (i + 1 < count) out[i + 1] = radius * std::sin(turn);
  }
  return out;
}

double poisson_draw(double mean, RandomStream& random) {
  if (mean <= 0) return 0;
  if (mean < 30) return counted_poisson(mean, random);
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = open_uniform(random) - 0.5, v = open_uniform(random), us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double log_ratio = k * std::log(mean) - mean - std::lgamma(k + 1);
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <= log_ratio) return k;
  }
}

}  // namespace sslbench
