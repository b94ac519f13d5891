// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/draws.h"
#include "datasets/corruptions/plasma_fractal.h"
#include "datasets/corruptions/smoothing.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

// A cloud cut to the picture.
std::vector<double> cloud(const RealPicture& x, double decay, RandomStream& random) {
  const int size = static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max({x.height, x.width, 2}))));
  const std::vector<double> whole =
      plasma_fractal(size, decay, uniform_draws(static_cast<size_t>(size) * static_cast<size_t>(size), random));
  std::vector<double> out;
  for (int y = 0; y < x.height; ++y) {
    const auto row = whole.begin() + int64_t{y} * size;
    out.insert(out.end(), row, row + x.width);
  }
  return out;
}

CorruptionDraws draw_fog(const RealPicture& x, const Severity& p, RandomStream& random) {
  return {.field = cloud(x, p[1], random)};
}

RealPicture fog(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  RealPicture out = x;
  const double most = *std::max_element(x.values.begin(), x.values.end());
  for (size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = (out.values[i] + p[0] * draws.field[i / 3]) * most / (most + p[0]);
  }
  return out;
}

CorruptionDraws draw_snow(const RealPicture& x, const Severity&, RandomStream& random) {
  CorruptionDraws out;
  out.normal = normal_draws(static_cast<size_t>(x.height) * static_cast<size_t>(x.width), random);
  out.angle = random.uniform(-135, -45);
  return out;
}

// Flakes, drawn out along their way; larger than the picture.
RealPicture flakes(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  RealPicture layer(x.height, x.width, 1);
  for (size_t i = 0; i < layer.values.size(); ++i) layer.values[i] = p[0] + p[1] * draws.normal[i];
  layer = zoomed(layer, p[2]);
  for (double& value : layer.values) value = value < p[3] ? 0 : std::clamp(value, 0.0, 1.0);
  layer = motion_blurred(layer, p[4], p[5], draws.angle);
  for (double& value : layer.values) value = std::nearbyint(255 * value) / 255;
  return layer;
}

RealPicture snow(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  const RealPicture layer = flakes(x, p, draws);
  RealPicture out = x;
  for (int y = 0; y < x.height; ++y) {
    for (int x0 = 0; x0 < x.width; ++x0) {
      const double gray = 0.299 * x.at(y, x0, 0) + 0.587 * x.at(y, x0, 1) + 0.114 * x.at(y, x0, 2);
      const double fallen = layer.at(y, x0, 0) + layer.at(x.height - 1 - y, x.width - 1 - x0, 0);
      for (int c = 0; c < 3; ++c) {
        const double value = x.at(y, x0, c);
        out.at(y, x0, c) = p[6] * value + (1 - p[6]) * std::max(value, 1.5 * gray + 0.5) + fallen;
      }
    }
  }
  return out;
}

// Crystals in blue and white along the ridges of two clouds, where the published code lays one of five photographs.
CorruptionDraws draw_frost(const RealPicture& x, const Severity&, RandomStream& random) {
  const std::vector<double> coarse = cloud(x, 2, random), fine = cloud(x, 1.3, random);
  constexpr std::array<double, 3> kShade{0.35, 0.45, 0.6};
  CorruptionDraws out;
  out.frost = RealPicture(x.height, x.width, 3);
  for (size_t i = 0; i < coarse.size(); ++i) {
    const double ridge = 1 - std::fabs(2 * coarse[i] - 1), light = std::clamp(0.55 * ridge + 0.45 * fine[i], 0.0, 1.0);
    for (size_t c = 0; c < 3; ++c) out.frost.values[3 * i + c] = kShade[c] * light + (1 - kShade[c]) * light * light;
  }
  return out;
}

RealPicture frost(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  RealPicture out = x;
  for (size_t i = 0; i < out.values.size(); ++i) out.values[i] = p[0] * out.values[i] + p[1] * draws.frost.values[i];
  return out;
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"snow", "weather", true, draw_snow, snow}) &&
                        Corruptions::add({"frost", "weather", true, draw_frost, frost}) &&
                        Corruptions::add({"fog", "weather", true, draw_fog, fog});

}  // namespace
}  // namespace sslbench
