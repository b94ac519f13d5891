// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/draws.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

CorruptionDraws draw_normal(const RealPicture& x, const Severity&, RandomStream& random) {
  return {.normal = normal_draws(x.values.size(), random)};
}

CorruptionDraws draw_counts(const RealPicture& x, const Severity& p, RandomStream& random) {
  CorruptionDraws out;
  for (const double value : x.values) out.counts.push_back(poisson_draw(value * p[0], random));
  return out;
}

CorruptionDraws draw_flips(const RealPicture& x, const Severity&, RandomStream& random) {
  CorruptionDraws out;
  out.flip = uniform_draws(x.values.size(), random);
  out.salt = uniform_draws(x.values.size(), random);
  return out;
}

// Every value by itself.
template <class Function>
RealPicture each(RealPicture x, Function function) {
  for (size_t i = 0; i < x.values.size(); ++i) x.values[i] = function(x.values[i], i);
  return x;
}

RealPicture gaussian(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  return each(x, [&](double value, size_t i) { return value + p[0] * draws.normal[i]; });
}
RealPicture speckle(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  return each(x, [&](double value, size_t i) { return value + value * p[0] * draws.normal[i]; });
}
RealPicture shot(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  return each(x, [&](double, size_t i) { return draws.counts[i] / p[0]; });
}
RealPicture impulse(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  return each(x, [&](double value, size_t i) {
    return draws.flip[i] > p[0] ? value : draws.salt[i] <= 0.5 ? 1.0 : 0.0;
  });
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"gaussian_noise", "noise", true, draw_normal, gaussian}) &&
                        Corruptions::add({"shot_noise", "noise", true, draw_counts, shot}) &&
                        Corruptions::add({"impulse_noise", "noise", true, draw_flips, impulse}) &&
                        Corruptions::add({"speckle_noise", "noise", false, draw_normal, speckle});

}  // namespace
}  // namespace sslbench
